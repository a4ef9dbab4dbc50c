using System.Security.Cryptography;

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
        _findStream = database.Prepare("SELECT id, epoch, highest, deleted_to FROM stream WHERE pid = ?1");
        _insertStream = database.Prepare(
            "INSERT INTO stream (pid, epoch, highest, deleted_to) VALUES (?1, 0, 0, 0)");
        _updateStream = database.Prepare(
            "UPDATE stream SET epoch = ?2, highest = ?3, deleted_to = ?4 WHERE id = ?1");
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
        long stream = Find(persistenceId, out StreamState before);
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
                .Bind(5, EventChecksum.Of(key, e.TypeId, e.Version, ticks, e.Payload.Span))
                .Bind(6, e.Payload.Span).Run();
        }

        Update(stream, next);
        return result;
    }

    public long DeleteTo(string persistenceId, long toSequence)
    {
        long stream = Find(persistenceId, out StreamState state);
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
        long stream = Find(persistenceId, out StreamState state);
        stream = stream != 0 ? stream : Insert(persistenceId);
        Update(stream, state with { Epoch = state.Epoch + 1 });
        return state.Epoch + 1;
    }

    public long SaveSnapshot(string persistenceId, Snapshot snapshot)
    {
        long stream = Find(persistenceId, out _);
        stream = stream != 0 ? stream : Insert(persistenceId);
        _saveSnapshot.Bind(1, SqliteSchema.Key(stream, snapshot.Sequence)).Bind(2, snapshot.TypeId)
            .Bind(3, snapshot.Version).Bind(4, SHA256.HashData(snapshot.Payload.Span))
            .Bind(5, snapshot.Payload.Span).Run();
        WholeStream(_trimSnapshots, stream).Run();
        return snapshot.Sequence;
    }

    public long DeleteSnapshots(string persistenceId)
    {
        long stream = Find(persistenceId, out _);
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

    /// <summary>The stream's number, 0 if there is none yet, and its state.</summary>
    private long Find(string persistenceId, out StreamState state)
    {
        state = default;
        long stream = 0;
        if (_findStream.Bind(1, persistenceId).Step())
        {
            stream = _findStream.Number(0);
            state = new StreamState(_findStream.Number(1), _findStream.Number(2), _findStream.Number(3));
        }

        _findStream.Reset();
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
        _updateStream.Bind(1, stream).Bind(2, state.Epoch).Bind(3, state.Highest).Bind(4, state.DeletedTo).Run();
}
