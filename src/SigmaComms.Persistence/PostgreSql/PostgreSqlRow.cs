namespace SigmaComms.Persistence.PostgreSql;

/// <summary>A row of the table of persistence ids.</summary>
/// <param name="Id">The stream's number; 0: there is no such row.</param>
/// <param name="State">What the row says.</param>
internal readonly record struct PostgreSqlRow(long Id, StreamState State)
{
    /// <summary>The columns that <see cref="Read"/> expects.</summary>
    public const string Columns = "id, pid, epoch, highest, deleted_to, checksum";

    /// <summary>The checksum that is stored with the row.</summary>
    public long Checksum => RowChecksum.Of([Id, State.Epoch, State.Highest, State.DeletedTo], default);

    /// <summary>Reads the current row.</summary>
    /// <exception cref="JournalException">The row is damaged.</exception>
    public static PostgreSqlRow Read(Npgsql.NpgsqlDataReader reader, out string persistenceId)
    {
        persistenceId = reader.GetString(1);
        var state = new StreamState(reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4));
        var row = new PostgreSqlRow(reader.GetInt64(0), state);
        return row.Checksum == reader.GetInt64(5)
            ? row
            : throw new JournalException(
                JournalFailure.Corrupt,
                $"The row of '{persistenceId}' is damaged: its checksum is wrong. Stop, keep a copy of the tables, "
                + "and restore them from a backup.");
    }
}
