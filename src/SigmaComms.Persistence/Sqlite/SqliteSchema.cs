namespace SigmaComms.Persistence.Sqlite;

/// <summary>The file's tables and settings; docs/formats/journal.md describes them.</summary>
internal static class SqliteSchema
{
    /// <summary>"SgJ1": marks the file as a journal of this program.</summary>
    public const long ApplicationId = 0x53674A31;

    /// <summary>Version of the tables.</summary>
    public const long FormatVersion = 1;

    /// <summary>Bits of an event's key that hold its sequence; the bits above hold the stream's number.</summary>
    public const int SequenceBits = 36;

    /// <summary>Most persistence ids of one file: 2^27 - 1.</summary>
    public const long StreamMax = (1L << 27) - 1;

    private const string Tables =
        """
        CREATE TABLE stream (
          id INTEGER PRIMARY KEY,
          pid TEXT NOT NULL UNIQUE,
          epoch INTEGER NOT NULL,
          highest INTEGER NOT NULL,
          deleted_to INTEGER NOT NULL,
          checksum INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE event (
          key INTEGER PRIMARY KEY,
          type INTEGER NOT NULL,
          version INTEGER NOT NULL,
          ticks INTEGER NOT NULL,
          checksum INTEGER NOT NULL,
          payload BLOB NOT NULL
        ) STRICT;
        CREATE TABLE snapshot (
          key INTEGER PRIMARY KEY,
          type INTEGER NOT NULL,
          version INTEGER NOT NULL,
          checksum INTEGER NOT NULL,
          payload BLOB NOT NULL
        ) STRICT;
        """;

    /// <summary>The key of an event or snapshot.</summary>
    public static long Key(long stream, long sequence) => (stream << SequenceBits) | sequence;

    /// <summary>The sequence in a key.</summary>
    public static long Sequence(long key) => key & JournalLimits.SequenceMax;

    /// <summary>Opens the connection that writes; makes the tables in an empty file.</summary>
    public static SqliteDatabase OpenWriter(SqliteStoreOptions options)
    {
        var database = new SqliteDatabase(options.Path, options.LockTimeout);
        try
        {
            RequireOurs(database, options.Path);
            database.Execute("PRAGMA page_size = 4096");
            if (database.QueryText("PRAGMA journal_mode = WAL") != "wal")
            {
                throw new SqliteError(SQLitePCL.raw.SQLITE_READONLY, "the write-ahead log cannot be made");
            }

            database.Execute("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA cache_size = -1024");
            database.Execute("PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 8388608");
            database.Execute(options.EraseDeleted ? "PRAGMA secure_delete = ON" : "PRAGMA secure_delete = OFF");
            if (database.QueryNumber("PRAGMA user_version") == 0)
            {
                database.Execute(
                    $"BEGIN IMMEDIATE; {Tables} PRAGMA application_id = {ApplicationId}; "
                    + $"PRAGMA user_version = {FormatVersion}; COMMIT");
            }

            if (options.PagesMax > 0)
            {
                database.Execute($"PRAGMA max_page_count = {options.PagesMax}");
            }

            // Finds a read-only file or a foreign lock now, not at the first append.
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
    public static SqliteDatabase OpenReader(SqliteStoreOptions options)
    {
        var database = new SqliteDatabase(options.Path, options.LockTimeout);
        try
        {
            database.Execute("PRAGMA query_only = ON; PRAGMA cache_size = -512");
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
        if (isEmpty || (id == ApplicationId && version == FormatVersion))
        {
            return;
        }

        string why = id == ApplicationId
            ? $"its format is version {version}, this program knows {FormatVersion}. Use the program that wrote it"
            : "it is the database of another program. Give this one another file";
        throw new JournalException(JournalFailure.WrongFormat, $"Cannot open the journal '{path}': {why}.");
    }
}
