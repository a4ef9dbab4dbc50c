namespace SigmaComms.Persistence;

/// <summary>Why a journal could not do its work.</summary>
public enum JournalFailure
{
    /// <summary>An event that should be there is missing.</summary>
    Gap,

    /// <summary>The volume has no room left. Works again by itself once there is.</summary>
    DiskFull,

    /// <summary>The file or its folder may not be written.</summary>
    ReadOnly,

    /// <summary>The stored bytes are damaged, or the file is no database at all.</summary>
    Corrupt,

    /// <summary>Another process, or another store of this one, has the file.</summary>
    Locked,

    /// <summary>A database, but not one of this program or of this version.</summary>
    WrongFormat,

    /// <summary>Too much is waiting to be written already.</summary>
    Overloaded,

    /// <summary>The server cannot be reached or does not answer in time. Works again by itself once it does.</summary>
    Unavailable,

    /// <summary>The server does not let this user in, or its settings do not serve.</summary>
    Refused,

    /// <summary>The operating system reported an error of another kind.</summary>
    Io,
}
