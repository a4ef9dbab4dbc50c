using SigmaComms.Persistence.Sqlite;

namespace SigmaComms.Persistence.Fragments;

/// <summary>The tables of the index; docs/formats/vault-volume.md describes them.</summary>
internal static class FragmentSchema
{
    /// <summary>"SgF1": marks the file as an index of fragments.</summary>
    public const long ApplicationId = 0x53674631;

    /// <summary>Version of the tables.</summary>
    public const long FormatVersion = 2;

    private const string Tables =
        """
        CREATE TABLE volume (
          number INTEGER PRIMARY KEY,
          id BLOB NOT NULL,
          filled INTEGER NOT NULL,
          scan INTEGER
        ) STRICT;
        CREATE TABLE fragment (
          id BLOB NOT NULL UNIQUE,
          vault BLOB NOT NULL,
          stripe BLOB NOT NULL,
          volume INTEGER NOT NULL,
          offset INTEGER NOT NULL,
          size INTEGER NOT NULL,
          sequence INTEGER NOT NULL,
          state INTEGER NOT NULL,
          ticks INTEGER NOT NULL,
          checksum INTEGER NOT NULL,
          label BLOB NOT NULL
        ) STRICT;
        CREATE INDEX fragment_of_vault ON fragment (vault, stripe, id);
        CREATE INDEX fragment_at ON fragment (volume, offset, size, state, sequence);
        CREATE TABLE unerased (
          volume INTEGER NOT NULL,
          offset INTEGER NOT NULL,
          size INTEGER NOT NULL,
          PRIMARY KEY (volume, offset)
        ) STRICT, WITHOUT ROWID;
        """;

    /// <summary>Opens the connection that writes; makes the tables in an empty file.</summary>
    public static SqliteDatabase OpenWriter(string path, TimeSpan lockTimeout)
    {
        SqliteDatabase database = new(path, lockTimeout);
        try
        {
            RequireOurs(database, path);
            database.Execute("PRAGMA page_size = 4096");
            if (database.QueryText("PRAGMA journal_mode = WAL") != "wal")
            {
                throw new SqliteError(SQLitePCL.raw.SQLITE_READONLY, "the write-ahead log cannot be made");
            }

            database.Execute("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA cache_size = -8192");
            database.Execute("PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 8388608");
            if (database.QueryNumber("PRAGMA user_version") == 0)
            {
                database.Execute(
                    $"BEGIN IMMEDIATE; {Tables} PRAGMA application_id = {ApplicationId}; "
                    + $"PRAGMA user_version = {FormatVersion}; COMMIT");
            }

            // Finds a read-only file or a foreign lock now, not at the first fragment.
            database.Execute("BEGIN IMMEDIATE; ROLLBACK");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Opens the connection that reads.</summary>
    public static SqliteDatabase OpenReader(string path, TimeSpan lockTimeout)
    {
        SqliteDatabase database = new(path, lockTimeout);
        try
        {
            database.Execute("PRAGMA query_only = ON; PRAGMA cache_size = -4096");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private static void RequireOurs(SqliteDatabase database, string path)
    {
        long id = database.QueryNumber("PRAGMA application_id") ?? 0;
        long version = database.QueryNumber("PRAGMA user_version") ?? 0;
        bool isEmpty = id == 0 && version == 0 && database.QueryNumber("SELECT count(*) FROM sqlite_schema") == 0;
        if (!isEmpty && (id != ApplicationId || version != FormatVersion))
        {
            throw new JournalException(
                JournalFailure.WrongFormat,
                $"Cannot open the index of fragments '{path}': it is of another program or version. Use the program "
                + "that wrote it, or move the file away: a new one is then made from the volumes.");
        }
    }
}
