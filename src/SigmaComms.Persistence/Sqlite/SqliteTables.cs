namespace SigmaComms.Persistence.Sqlite;

/// <summary>The writes on one connection, each inside a transaction that the caller opened.</summary>
internal sealed class SqliteTables : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _findStream;
    private readonly SqliteStatement _insertStream;
    private readonly SqliteStatement _updateStream;
    private readonly SqliteStatement _insertEvent;
    private readonly SqliteStatement _deleteEvents;
    private readonly SqliteStatement _saveSnapshot;
    private readonly SqliteStatement _trimSnapshots;
    private readonly SqliteStatement _deleteSnapshots;

    public SqliteTables(SqliteDatabase database)
    {
        _database = database;
        _findStream = database.Prepare(StreamRow.FindSql);
        _insertStream = database.Prepare(
            "INSERT INTO stream (pid, epoch, highest, deleted_to, checksum) VALUES (?1, 0, 0, 0, 0)");
        _updateStream = database.Prepare(
            "UPDATE stream SET epoch = ?2, highest = ?3, deleted_to = ?4, checksum = ?5 WHERE id = ?1");
        _insertEvent = database.Prepare("INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        _deleteEvents = database.Prepare("DELETE FROM event WHERE key BETWEEN ?1 AND ?2");
        _saveSnapshot = database.Prepare("INSERT OR REPLACE INTO snapshot VALUES (?1, ?2, ?3, ?4, ?5)");
        _trimSnapshots = database.Prepare(
            "DELETE FROM snapshot WHERE key BETWEEN ?1 AND ?2 AND key NOT IN "
            + "(SELECT key FROM snapshot WHERE key BETWEEN ?1 AND ?2 ORDER BY key DESC LIMIT 2)");
        _deleteSnapshots = database.Prepare("DELETE FROM snapshot WHERE key BETWEEN ?1 AND ?2");
    }

    public AppendResult Append(
        string persistenceId, long expectedSequence, long writerEpoch, IReadOnlyList<NewEvent> events, long ticks)
    {
        (long stream, StreamState before) = StreamRow.Find(_findStream, persistenceId);
        AppendResult result = before.Append(expectedSequence, writerEpoch, events.Count, out StreamState next);
        if (!result.IsStored)
        {
            return result;
        }

        stream = stream != 0 ? stream : Insert(persistenceId);
        long sequence = expectedSequence;
        foreach (NewEvent e in events)
        {
            long key = SqliteSchema.Key(stream, ++sequence);
            _insertEvent.Bind(1, key).Bind(2, e.TypeId).Bind(3, e.Version).Bind(4, ticks)
                .Bind(5, RowChecksum.Of([key, e.TypeId, e.Version, ticks], e.Payload.Span))
                .Bind(6, e.Payload.Span).Run();
        }

        Update(stream, next);
        return result;
    }

    public long DeleteTo(string persistenceId, long toSequence)
    {
        (long stream, StreamState state) = StreamRow.Find(_findStream, persistenceId);
        StreamState next = state.Delete(toSequence);
        if (stream != 0 && next != state)
        {
            _deleteEvents.Bind(1, SqliteSchema.Key(stream, 0))
                .Bind(2, SqliteSchema.Key(stream, next.DeletedTo)).Run();
            Update(stream, next);
        }

        return next.DeletedTo;
    }

    public long AcquireEpoch(string persistenceId)
    {
        (long stream, StreamState state) = StreamRow.Find(_findStream, persistenceId);
        stream = stream != 0 ? stream : Insert(persistenceId);
        Update(stream, state with { Epoch = state.Epoch + 1 });
        return state.Epoch + 1;
    }

    public long SaveSnapshot(string persistenceId, Snapshot snapshot)
    {
        long stream = StreamRow.Find(_findStream, persistenceId).Id;
        stream = stream != 0 ? stream : Register(persistenceId);
        long key = SqliteSchema.Key(stream, snapshot.Sequence);
        _saveSnapshot.Bind(1, key).Bind(2, snapshot.TypeId).Bind(3, snapshot.Version)
            .Bind(4, RowChecksum.Of([key, snapshot.TypeId, snapshot.Version], snapshot.Payload.Span))
            .Bind(5, snapshot.Payload.Span).Run();
        WholeStream(_trimSnapshots, stream).Run();
        return snapshot.Sequence;
    }

    public long DeleteSnapshots(string persistenceId)
    {
        long stream = StreamRow.Find(_findStream, persistenceId).Id;
        if (stream != 0)
        {
            WholeStream(_deleteSnapshots, stream).Run();
        }

        return stream;
    }

    public void Dispose()
    {
        _findStream.Dispose();
        _insertStream.Dispose();
        _updateStream.Dispose();
        _insertEvent.Dispose();
        _deleteEvents.Dispose();
        _saveSnapshot.Dispose();
        _trimSnapshots.Dispose();
        _deleteSnapshots.Dispose();
    }

    private static SqliteStatement WholeStream(SqliteStatement statement, long stream) =>
        statement.Bind(1, SqliteSchema.Key(stream, 0))
            .Bind(2, SqliteSchema.Key(stream, JournalLimits.SequenceMax));

    /// <summary>Makes the row for a snapshot whose journal has none yet.</summary>
    private long Register(string persistenceId)
    {
        long stream = Insert(persistenceId);
        Update(stream, default);
        return stream;
    }

    private long Insert(string persistenceId)
    {
        _insertStream.Bind(1, persistenceId).Run();
        long stream = _database.LastInsertedId;
        return stream <= SqliteSchema.StreamMax
            ? stream
            : throw new SqliteError(SQLitePCL.raw.SQLITE_TOOBIG, "too many persistence ids in one file");
    }

    private void Update(long stream, StreamState state) =>
        _updateStream.Bind(1, stream).Bind(2, state.Epoch).Bind(3, state.Highest).Bind(4, state.DeletedTo)
            .Bind(5, new StreamRow(stream, state).Checksum).Run();
}
