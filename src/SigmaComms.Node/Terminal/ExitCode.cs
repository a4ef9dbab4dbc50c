namespace SigmaComms.Node.Terminal;

/// <summary>What the process tells its caller; the numbers are permanent.</summary>
internal enum ExitCode
{
    /// <summary>All was done.</summary>
    Ok = 0,

    /// <summary>It failed for a reason without a number of its own.</summary>
    Failure = 1,

    /// <summary>The arguments or the configuration are wrong.</summary>
    Usage = 2,

    /// <summary>A named thing does not exist.</summary>
    NotFound = 3,

    /// <summary>The caller may not do this.</summary>
    NotAuthorised = 4,

    /// <summary>A signature, a password or a number to compare did not hold.</summary>
    VerificationFailed = 5,

    /// <summary>No node could be reached, or too few of them.</summary>
    Unavailable = 6,

    /// <summary>Some of it was done.</summary>
    Partial = 7,

    /// <summary>The terminal went away; as SIGHUP.</summary>
    HungUp = 129,

    /// <summary>Stopped by SIGINT.</summary>
    Interrupted = 130,

    /// <summary>Who read its output went away; as SIGPIPE.</summary>
    ReaderGone = 141,

    /// <summary>Stopped by SIGTERM.</summary>
    Terminated = 143,
}
