namespace SigmaComms.Persistence.Sqlite;

/// <summary>The connection that reads: one short read at a time, so that the log can be emptied between.</summary>
internal sealed class SqliteReader : IDisposable
{
    /// <summary>Most events of one page.</summary>
    public const int PageEvents = 256;

    /// <summary>Payload bytes after which a page ends.</summary>
    public const int PageBytes = 1 << 20;

    private readonly string _path;
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _findStream;
    private readonly SqliteStatement _readEvents;
    private readonly SqliteStatement _readSnapshots;
    private readonly SqliteStatement _listStreams;

    public SqliteReader(SqliteStoreOptions options)
    {
        _path = options.Path;
        _database = SqliteSchema.OpenReader(options);
        _findStream = _database.Prepare(StreamRow.FindSql);
        _readEvents = _database.Prepare(
            $"SELECT key, type, version, ticks, checksum, payload FROM event WHERE key BETWEEN ?1 AND ?2 "
            + $"ORDER BY key LIMIT {PageEvents}");
        _readSnapshots = _database.Prepare(
            "SELECT key, type, version, checksum, payload FROM snapshot WHERE key BETWEEN ?1 AND ?2 "
            + "ORDER BY key DESC");
        _listStreams = _database.Prepare(
            "SELECT pid FROM stream WHERE pid >= ?1 AND pid < ?2 AND highest > 0 "
            + $"ORDER BY pid LIMIT {PageEvents}");
    }

    /// <summary>The stream's row; its id is 0 if there is none.</summary>
    public StreamRow Find(string persistenceId) => StreamRow.Find(_findStream, persistenceId);

    /// <summary>Reads the next events, in order; empty when there is none from there to the last.</summary>
    public List<JournalEvent> ReadEvents(string persistenceId, long stream, long from, long last)
    {
        List<JournalEvent> page = [];
        int sizeBytes = 0;
        _readEvents.Bind(1, SqliteSchema.Key(stream, from)).Bind(2, SqliteSchema.Key(stream, last));
        try
        {
            while (sizeBytes < PageBytes && _readEvents.Step())
            {
                page.Add(ReadEvent(persistenceId));
                sizeBytes += page[^1].Payload.Length;
            }
        }
        catch (Exception damage) when (page.Count > 0 && damage is JournalException or SqliteError)
        {
            // What comes before the damage is given first; the next page begins with the damage and throws.
        }
        finally
        {
            _readEvents.Reset();
        }

        return page;
    }

    /// <summary>The newest whole snapshot.</summary>
    /// <param name="persistenceId">Whose.</param>
    /// <param name="newer">How many newer ones are passed over.</param>
    public Snapshot? ReadSnapshot(string persistenceId, int newer)
    {
        long stream = Find(persistenceId).Id;
        Snapshot? whole = null;
        _readSnapshots.Bind(1, SqliteSchema.Key(stream, 0))
            .Bind(2, SqliteSchema.Key(stream, JournalLimits.SequenceMax));
        while (whole is null && _readSnapshots.Step())
        {
            if (newer-- > 0)
            {
                continue;
            }

            (long key, long typeId, long version) =
                (_readSnapshots.Number(0), _readSnapshots.Number(1), _readSnapshots.Number(2));
            byte[] payload = _readSnapshots.Blob(4);
            if (RowChecksum.Of([key, typeId, version], payload) == _readSnapshots.Number(3))
            {
                whole = new Snapshot(SqliteSchema.Sequence(key), (uint)typeId, (byte)version, payload);
            }
        }

        _readSnapshots.Reset();
        return whole;
    }

    /// <summary>Reads the next persistence ids with the prefix, in order, from a given text on.</summary>
    public List<string> ReadIds(string prefix, string from)
    {
        List<string> page = [];

        // All ids are printable ASCII, so DEL sorts after every one that continues the prefix.
        _listStreams.Bind(1, from).Bind(2, prefix + '\x7f');
        while (_listStreams.Step())
        {
            page.Add(_listStreams.Text(0));
        }

        return page;
    }

    public void Dispose()
    {
        _findStream.Dispose();
        _readEvents.Dispose();
        _readSnapshots.Dispose();
        _listStreams.Dispose();
        _database.Dispose();
    }

    private JournalEvent ReadEvent(string persistenceId)
    {
        long key = _readEvents.Number(0);
        long typeId = _readEvents.Number(1);
        long version = _readEvents.Number(2);
        long ticks = _readEvents.Number(3);
        byte[] payload = _readEvents.Blob(5);
        if (RowChecksum.Of([key, typeId, version, ticks], payload) != _readEvents.Number(4))
        {
            throw new JournalException(
                JournalFailure.Corrupt,
                $"Event {SqliteSchema.Sequence(key)} of '{persistenceId}' in '{_path}' is damaged: its checksum is "
                + "wrong. Stop, keep a copy of the file, and restore it from a backup.");
        }

        return new JournalEvent(SqliteSchema.Sequence(key), (uint)typeId, (byte)version, ticks, payload);
    }
}
