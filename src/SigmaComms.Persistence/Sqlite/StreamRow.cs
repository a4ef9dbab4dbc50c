namespace SigmaComms.Persistence.Sqlite;

/// <summary>A row of the table of persistence ids.</summary>
/// <param name="Id">The stream's number; 0: there is no such row.</param>
/// <param name="State">What the row says.</param>
internal readonly record struct StreamRow(long Id, StreamState State)
{
    /// <summary>Finds a row by its persistence id, parameter 1.</summary>
    public const string FindSql = "SELECT id, epoch, highest, deleted_to, checksum FROM stream WHERE pid = ?1";

    /// <summary>The checksum that is stored with the row.</summary>
    public uint Checksum => RowChecksum.Of([Id, State.Epoch, State.Highest, State.DeletedTo], default);

    /// <summary>Finds the row, with a statement of <see cref="FindSql"/>.</summary>
    /// <exception cref="SqliteError">The row is damaged.</exception>
    public static StreamRow Find(SqliteStatement find, string persistenceId)
    {
        if (!find.Bind(1, persistenceId).Step())
        {
            return default;
        }

        var state = new StreamState(find.Number(1), find.Number(2), find.Number(3));
        var row = new StreamRow(find.Number(0), state);
        bool isWhole = row.Checksum == find.Number(4);
        find.Reset();
        return isWhole
            ? row
            : throw new SqliteError(SQLitePCL.raw.SQLITE_CORRUPT, $"the row of '{persistenceId}' is damaged");
    }
}
