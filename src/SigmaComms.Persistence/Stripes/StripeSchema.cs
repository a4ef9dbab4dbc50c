using SigmaComms.Persistence.Sqlite;

namespace SigmaComms.Persistence.Stripes;

/// <summary>The tables of the stripe book.</summary>
internal static class StripeSchema
{
    /// <summary>"SgS1": marks the file as a stripe book.</summary>
    public const long ApplicationId = 0x53675331;

    /// <summary>Version of the tables.</summary>
    public const long FormatVersion = 1;

    private const string Tables =
        """
        CREATE TABLE vault (
          number INTEGER PRIMARY KEY,
          id BLOB NOT NULL UNIQUE,
          followed INTEGER NOT NULL,
          gap INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE stripe (
          vault INTEGER NOT NULL,
          id BLOB NOT NULL,
          standing INTEGER NOT NULL,
          ticks INTEGER NOT NULL,
          PRIMARY KEY (vault, id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX stripe_dropped ON stripe (ticks) WHERE standing = 2;
        CREATE TABLE mark (
          name TEXT PRIMARY KEY,
          value BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        """;

    /// <summary>Opens the file; makes the tables in an empty one.</summary>
    public static SqliteDatabase Open(string path, TimeSpan lockTimeout)
    {
        SqliteDatabase database = new(path, lockTimeout);
        try
        {
            long id = database.QueryNumber("PRAGMA application_id") ?? 0;
            long version = database.QueryNumber("PRAGMA user_version") ?? 0;
            bool isEmpty = id == 0 && version == 0 && database.QueryNumber("SELECT count(*) FROM sqlite_schema") == 0;
            if (!isEmpty && (id != ApplicationId || version != FormatVersion))
            {
                throw new JournalException(
                    JournalFailure.WrongFormat,
                    $"Cannot open the stripe book '{path}': it is of another program or version. Move the file away: "
                    + "a new one is then made from the logs.");
            }

            if (database.QueryText("PRAGMA journal_mode = WAL") != "wal")
            {
                throw new SqliteError(SQLitePCL.raw.SQLITE_READONLY, "the write-ahead log cannot be made");
            }

            database.Execute("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA cache_size = -4096");
            if (isEmpty)
            {
                database.Execute(
                    $"BEGIN IMMEDIATE; {Tables} PRAGMA application_id = {ApplicationId}; "
                    + $"PRAGMA user_version = {FormatVersion}; COMMIT");
            }

            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }
}
