using SQLitePCL;

namespace SigmaComms.Persistence.Sqlite;

/// <summary>SQLite said no. Becomes a <see cref="JournalException"/> at the edge of the store.</summary>
internal sealed class SqliteError : Exception
{
    private const int PrimaryMask = 0xff;

    public SqliteError(int extendedCode, string message)
        : base(message) => ExtendedCode = extendedCode;

    public int ExtendedCode { get; }

    public int Code => ExtendedCode & PrimaryMask;

    /// <summary>Whether a commit that failed so may still be found on the disk after a loss of power.</summary>
    public bool LeavesDoubt => Code == raw.SQLITE_IOERR && Reason == JournalFailure.Io;

    public JournalFailure Reason => Code switch
    {
        raw.SQLITE_FULL => JournalFailure.DiskFull,
        raw.SQLITE_IOERR when ExtendedCode == raw.SQLITE_IOERR_SHMSIZE => JournalFailure.DiskFull,
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_CANTOPEN => JournalFailure.ReadOnly,
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_CONSTRAINT => JournalFailure.Corrupt,
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => JournalFailure.Locked,
        _ => JournalFailure.Io,
    };

    /// <summary>The exception for the caller: what failed, why, and what to do.</summary>
    public JournalException ToJournalException(string what, string path)
    {
        string why = Reason switch
        {
            JournalFailure.DiskFull =>
                "the volume is full. Nothing of it was stored. Make room; writing goes on by itself.",
            JournalFailure.ReadOnly =>
                "the file or its folder cannot be opened for writing. Give the user of this process the right to "
                + "write both, or mount the volume for writing.",
            JournalFailure.Corrupt =>
                "the file is damaged or is no database. Stop, keep a copy of the file and of its -wal file, and "
                + "restore both from a backup; 'sqlite3 FILE .recover' saves what can be read.",
            JournalFailure.Locked =>
                "another process has the file locked. End that process, or give this one another file.",
            _ => "the operating system reported an error. See its log for the volume, then start again.",
        };
        return new JournalException(
            Reason, $"Cannot {what} '{path}': {why} (SQLite {ExtendedCode}: {Message})", this);
    }
}
