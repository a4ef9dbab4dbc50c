namespace SigmaComms.Fuse.Files;

/// <summary>Kinds of locks, as Linux numbers them.</summary>
public enum LockKind
{
    /// <summary>Shared (F_RDLCK).</summary>
    Read = 0,

    /// <summary>Alone (F_WRLCK).</summary>
    Write = 1,

    /// <summary>None (F_UNLCK).</summary>
    Unlock = 2,
}
