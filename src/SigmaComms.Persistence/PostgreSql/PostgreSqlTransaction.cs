using Npgsql;
using NpgsqlTypes;
using SigmaComms.Persistence.Writes;

namespace SigmaComms.Persistence.PostgreSql;

/// <summary>One transaction of the writer: locks the rows, lets the writes decide, sends the changes.</summary>
internal sealed class PostgreSqlTransaction : IDisposable
{
    private const NpgsqlDbType Bigints = NpgsqlDbType.Array | NpgsqlDbType.Bigint;

    private const string LockSql =
        $"SELECT {PostgreSqlRow.Columns} FROM stream WHERE pid = ANY($1) ORDER BY pid FOR UPDATE";

    private const string MakeSql =
        "INSERT INTO stream (pid, epoch, highest, deleted_to, checksum) "
        + "SELECT p, 0, 0, 0, 0 FROM unnest($1) WITH ORDINALITY AS u (p, i) ORDER BY i "
        + "ON CONFLICT DO NOTHING RETURNING id, pid";

    private const string UpdateSql =
        "UPDATE stream SET epoch = u.epoch, highest = u.highest, deleted_to = u.deleted_to, checksum = u.checksum "
        + "FROM unnest($1, $2, $3, $4, $5) AS u (id, epoch, highest, deleted_to, checksum) WHERE stream.id = u.id";

    private const string InsertSql =
        "INSERT INTO event (stream, sequence, type, version, ticks, checksum, payload) "
        + "SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)";

    private const string SaveSql =
        "INSERT INTO snapshot (stream, sequence, type, version, checksum, payload) VALUES ($1, $2, $3, $4, $5, $6) "
        + "ON CONFLICT (stream, sequence) DO UPDATE SET type = excluded.type, version = excluded.version, "
        + "checksum = excluded.checksum, payload = excluded.payload";

    private const string TrimSql =
        "DELETE FROM snapshot WHERE stream = $1 AND sequence NOT IN "
        + "(SELECT sequence FROM snapshot WHERE stream = $1 ORDER BY sequence DESC LIMIT 2)";

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly Dictionary<string, PostgreSqlRow> _rows = new(StringComparer.Ordinal);

    public PostgreSqlTransaction(NpgsqlConnection connection)
    {
        _connection = connection;
        _transaction = connection.BeginTransaction();
    }

    /// <summary>Runs the writes and sends what they change.</summary>
    /// <returns>False if another writer made the same rows in between: begin anew.</returns>
    public bool TryWrite(List<WriteRequest<PostgreSqlChanges>> batch, long utcTicks)
    {
        Lock([.. batch.Select(request => request.PersistenceId).Distinct()]);
        var changes = new PostgreSqlChanges(_rows);
        foreach (WriteRequest<PostgreSqlChanges> request in batch)
        {
            request.Execute(changes, utcTicks);
        }

        if (!TryMakeMissing(changes))
        {
            return false;
        }

        Send(changes);
        return true;
    }

    public void Commit() => _transaction.Commit();

    public void Dispose() => _transaction.Dispose();

    private static NpgsqlParameter Numbers(IEnumerable<long> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = Bigints };

    private static NpgsqlParameter Texts(string[] values) =>
        new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private void Lock(string[] persistenceIds)
    {
        using var command = new NpgsqlCommand(LockSql, _connection, _transaction);
        command.Parameters.Add(Texts(persistenceIds));
        using NpgsqlDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            PostgreSqlRow row = PostgreSqlRow.Read(reader, out string persistenceId);
            _rows[persistenceId] = row;
        }
    }

    private bool TryMakeMissing(PostgreSqlChanges changes)
    {
        string[] missing = [.. changes.States.Keys.Where(id => !_rows.ContainsKey(id))];
        if (missing.Length == 0)
        {
            return true;
        }

        int made = 0;
        using var command = new NpgsqlCommand(MakeSql, _connection, _transaction);
        command.Parameters.Add(Texts(missing));
        using NpgsqlDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            _rows[reader.GetString(1)] = new PostgreSqlRow(reader.GetInt64(0), default);
            made++;
        }

        return made == missing.Length;
    }

    private void Send(PostgreSqlChanges changes)
    {
        using var batch = new NpgsqlBatch(_connection, _transaction);
        AddStates(batch, changes);
        AddEvents(batch, changes);
        foreach ((string persistenceId, long to) in changes.Deletions)
        {
            Add(batch, "DELETE FROM event WHERE stream = $1 AND sequence <= $2", _rows[persistenceId].Id, to);
        }

        foreach ((string persistenceId, Snapshot? snapshot) in changes.Snapshots)
        {
            AddSnapshot(batch, _rows[persistenceId].Id, snapshot);
        }

        if (batch.BatchCommands.Count > 0)
        {
            batch.ExecuteNonQuery();
        }
    }

    private void AddStates(NpgsqlBatch batch, PostgreSqlChanges changes)
    {
        PostgreSqlRow[] rows =
            [.. changes.States.Select(state => new PostgreSqlRow(_rows[state.Key].Id, state.Value))];
        if (rows.Length > 0)
        {
            NpgsqlBatchCommand command = new(UpdateSql);
            command.Parameters.Add(Numbers(rows.Select(row => row.Id)));
            command.Parameters.Add(Numbers(rows.Select(row => row.State.Epoch)));
            command.Parameters.Add(Numbers(rows.Select(row => row.State.Highest)));
            command.Parameters.Add(Numbers(rows.Select(row => row.State.DeletedTo)));
            command.Parameters.Add(Numbers(rows.Select(row => row.Checksum)));
            batch.BatchCommands.Add(command);
        }
    }

    private void AddEvents(NpgsqlBatch batch, PostgreSqlChanges changes)
    {
        int count = changes.Events.Count;
        if (count == 0)
        {
            return;
        }

        var columns = new long[5][];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = new long[count];
        }

        short[] versions = new short[count];
        var payloads = new ReadOnlyMemory<byte>[count];
        for (int i = 0; i < count; i++)
        {
            (string persistenceId, long sequence, long ticks, NewEvent e) = changes.Events[i];
            long stream = _rows[persistenceId].Id;
            (columns[0][i], columns[1][i], columns[2][i], versions[i], columns[3][i], payloads[i]) =
                (stream, sequence, e.TypeId, e.Version, ticks, e.Payload);
            columns[4][i] = RowChecksum.Of([stream, sequence, e.TypeId, e.Version, ticks], e.Payload.Span);
        }

        NpgsqlBatchCommand command = new(InsertSql);
        command.Parameters.Add(Numbers(columns[0]));
        command.Parameters.Add(Numbers(columns[1]));
        command.Parameters.Add(Numbers(columns[2]));
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = versions, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Smallint,
        });
        command.Parameters.Add(Numbers(columns[3]));
        command.Parameters.Add(Numbers(columns[4]));
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = payloads, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea,
        });
        batch.BatchCommands.Add(command);
    }

    private static void AddSnapshot(NpgsqlBatch batch, long stream, Snapshot? snapshot)
    {
        if (snapshot is null)
        {
            Add(batch, "DELETE FROM snapshot WHERE stream = $1", stream);
            return;
        }

        long checksum = RowChecksum.Of(
            [stream, snapshot.Sequence, snapshot.TypeId, snapshot.Version], snapshot.Payload.Span);
        Add(
            batch,
            SaveSql,
            stream,
            snapshot.Sequence,
            (long)snapshot.TypeId,
            (short)snapshot.Version,
            checksum,
            snapshot.Payload);
        Add(batch, TrimSql, stream);
    }

    private static void Add(NpgsqlBatch batch, string sql, params object[] values)
    {
        NpgsqlBatchCommand command = new(sql);
        foreach (object value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        batch.BatchCommands.Add(command);
    }
}
