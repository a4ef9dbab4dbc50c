using Npgsql;

namespace SigmaComms.Persistence.PostgreSql;

/// <summary>Short reads, each on a connection of its own from the pool.</summary>
internal sealed class PostgreSqlReader : IDisposable
{
    /// <summary>Most persistence ids of one page.</summary>
    public const int PageIds = 1_000;

    private const int PageEventsMax = 4_096;
    private const int PageBytes = 1 << 20;

    private const string EventsSql =
        "SELECT sequence, type, version, ticks, checksum, payload FROM event "
        + "WHERE stream = $1 AND sequence BETWEEN $2 AND $3 ORDER BY sequence LIMIT $4";

    private readonly PostgreSqlDatabase _database;
    private readonly SemaphoreSlim _readers;

    public PostgreSqlReader(PostgreSqlDatabase database, int readersMax)
    {
        _database = database;
        _readers = new SemaphoreSlim(readersMax, readersMax);
    }

    /// <summary>How many events to ask for first.</summary>
    public static int FirstPage => 32;

    /// <summary>How many events to ask for after a page of so many with so many bytes.</summary>
    public static int NextPage(int events, long sizeBytes)
    {
        long fitting = PageBytes / Math.Max(1, sizeBytes / Math.Max(1, events));
        return (int)Math.Clamp(fitting, 1, Math.Min(PageEventsMax, events * 8L));
    }

    /// <summary>The stream's row; its id is 0 if there is none.</summary>
    public ValueTask<PostgreSqlRow> FindAsync(string persistenceId, CancellationToken ct) =>
        ReadAsync(
            $"SELECT {PostgreSqlRow.Columns} FROM stream WHERE pid = $1",
            [persistenceId],
            async reader => await reader.ReadAsync(ct) ? PostgreSqlRow.Read(reader, out _) : default,
            ct);

    /// <summary>Reads the next events, in order; empty when there is none from there to the last.</summary>
    public ValueTask<List<JournalEvent>> ReadEventsAsync(
        string persistenceId, long stream, long from, long last, int limit, CancellationToken ct) =>
        ReadAsync(
            EventsSql, [stream, from, last, limit], reader => TakeEventsAsync(reader, persistenceId, stream, ct), ct);

    /// <summary>The newest whole snapshot.</summary>
    /// <param name="persistenceId">Whose.</param>
    /// <param name="newer">How many newer ones are passed over.</param>
    /// <param name="ct">Cancels the read.</param>
    public async ValueTask<Snapshot?> ReadSnapshotAsync(string persistenceId, int newer, CancellationToken ct)
    {
        long stream = (await FindAsync(persistenceId, ct)).Id;
        return await ReadAsync(
            "SELECT sequence, type, version, checksum, payload FROM snapshot WHERE stream = $1 "
            + "ORDER BY sequence DESC OFFSET $2",
            [stream, (long)newer],
            reader => TakeSnapshotAsync(reader, stream, ct),
            ct);
    }

    /// <summary>Reads the next persistence ids with the prefix, in order, after a given text.</summary>
    public ValueTask<List<string>> ReadIdsAsync(string prefix, string from, CancellationToken ct) =>
        ReadAsync(
            $"SELECT pid FROM stream WHERE pid >= $1 AND pid < $2 AND highest > 0 ORDER BY pid LIMIT {PageIds}",
            [from, prefix + '\x7f'],
            async reader =>
            {
                List<string> page = [];
                while (await reader.ReadAsync(ct))
                {
                    page.Add(reader.GetString(0));
                }

                return page;
            },
            ct);

    public void Dispose() => _readers.Dispose();

    private async Task<List<JournalEvent>> TakeEventsAsync(
        NpgsqlDataReader reader, string persistenceId, long stream, CancellationToken ct)
    {
        List<JournalEvent> page = [];
        while (await reader.ReadAsync(ct))
        {
            (long sequence, long typeId, short version, long ticks) =
                (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt16(2), reader.GetInt64(3));
            byte[] payload = reader.GetFieldValue<byte[]>(5);
            if (RowChecksum.Of([stream, sequence, typeId, version, ticks], payload) != reader.GetInt64(4))
            {
                // What comes before the damage is given first; the next page begins with the damage and throws.
                return page.Count > 0
                    ? page
                    : throw new JournalException(
                        JournalFailure.Corrupt,
                        $"Event {sequence} of '{persistenceId}' in '{_database.Name}' is damaged: its checksum is "
                        + "wrong. Stop, keep a copy of the tables, and restore them from a backup.");
            }

            page.Add(new JournalEvent(sequence, (uint)typeId, (byte)version, ticks, payload));
        }

        return page;
    }

    private static async Task<Snapshot?> TakeSnapshotAsync(NpgsqlDataReader reader, long stream, CancellationToken ct)
    {
        while (await reader.ReadAsync(ct))
        {
            (long sequence, long typeId, short version) =
                (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt16(2));
            byte[] payload = reader.GetFieldValue<byte[]>(4);
            if (RowChecksum.Of([stream, sequence, typeId, version], payload) == reader.GetInt64(3))
            {
                return new Snapshot(sequence, (uint)typeId, (byte)version, payload);
            }
        }

        return null;
    }

    private async ValueTask<T> ReadAsync<T>(
        string sql, object[] values, Func<NpgsqlDataReader, Task<T>> take, CancellationToken ct)
    {
        await _readers.WaitAsync(ct);
        try
        {
            return await ReadOnceAsync(sql, values, take, ct);
        }
        catch (Exception failure) when (ErrorOf(failure) is { } error)
        {
            if (error.Remedy != PostgreSqlRemedy.Reconnect)
            {
                throw error.ToJournalException("read the journal", _database.Name);
            }

            // The connection may have died long ago while it was idle.
            _database.Forget();
            return await LastReadAsync(sql, values, take, ct);
        }
        finally
        {
            _readers.Release();
        }
    }

    private async ValueTask<T> LastReadAsync<T>(
        string sql, object[] values, Func<NpgsqlDataReader, Task<T>> take, CancellationToken ct)
    {
        try
        {
            return await ReadOnceAsync(sql, values, take, ct);
        }
        catch (Exception failure) when (ErrorOf(failure) is { } error)
        {
            throw error.ToJournalException("read the journal", _database.Name);
        }
    }

    /// <summary>Also what the driver lets through: another type of column, a connection that just ended.</summary>
    private static PostgreSqlError? ErrorOf(Exception failure) => failure switch
    {
        NpgsqlException said => PostgreSqlError.Of(said),
        ObjectDisposedException => null,
        InvalidCastException or InvalidOperationException or IOException or TimeoutException =>
            PostgreSqlError.Of(failure),
        _ => null,
    };

    private async ValueTask<T> ReadOnceAsync<T>(
        string sql, object[] values, Func<NpgsqlDataReader, Task<T>> take, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await _database.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (object value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        return await take(reader);
    }
}
