namespace SigmaComms.Fuse.Session;

/// <summary>How a mount ended.</summary>
public enum UnmountOutcome
{
    /// <summary>Nobody used it; everything was written.</summary>
    Clean,

    /// <summary>It was unmounted by somebody else before.</summary>
    AlreadyGone,

    /// <summary>It was in use beyond the wait and is out of sight; those who use it are still served.</summary>
    Detached,
}
