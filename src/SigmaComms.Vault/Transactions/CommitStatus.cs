namespace SigmaComms.Vault.Transactions;

/// <summary>What became of a commit.</summary>
public enum CommitStatus
{
    /// <summary>All operations counted, for everybody.</summary>
    Committed = 0,

    /// <summary>A precondition no longer held; nothing counted, and its stripes are released.</summary>
    Conflict = 1,

    /// <summary>Sealed with a former key or too old a view; nothing counted. Stage anew and try again.</summary>
    Expired = 2,

    /// <summary>The log refused it; nothing counted.</summary>
    Refused = 3,

    /// <summary>
    /// No answer: it may count or not. The session keeps it and finds out before anything else is committed.
    /// </summary>
    Unknown = 4,

    /// <summary>The log did what no honest log does; the session has stopped.</summary>
    Fault = 5,

    /// <summary>The entry at its place is not what this session sent, or was void for all.</summary>
    Void = 6,
}
