namespace SigmaComms.Fuse.Protocol;

/// <summary>What kernel and filesystem agree upon in INIT. The numbers are the protocol's.</summary>
[Flags]
public enum InitFlags : ulong
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Reads of one file may run side by side.</summary>
    AsyncRead = 1UL << 0,

    /// <summary>The filesystem keeps POSIX locks.</summary>
    PosixLocks = 1UL << 1,

    /// <summary>O_TRUNC is part of open.</summary>
    AtomicTruncate = 1UL << 3,

    /// <summary>Nodes can be found again by number.</summary>
    ExportSupport = 1UL << 4,

    /// <summary>Writes of more than a page.</summary>
    BigWrites = 1UL << 5,

    /// <summary>The filesystem keeps locks of flock(2).</summary>
    FlockLocks = 1UL << 10,

    /// <summary>Pages are dropped when a change of the file's time shows that they are old.</summary>
    AutoInvalidateData = 1UL << 12,

    /// <summary>READDIRPLUS is understood.</summary>
    ReadDirectoryPlus = 1UL << 13,

    /// <summary>The kernel asks for it only when it seems of use.</summary>
    ReadDirectoryPlusAuto = 1UL << 14,

    /// <summary>Direct reads and writes may run side by side.</summary>
    AsyncDirectIo = 1UL << 15,

    /// <summary>The kernel keeps dirty pages and writes them later.</summary>
    WritebackCache = 1UL << 16,

    /// <summary>OPEN may be answered with ENOSYS.</summary>
    NoOpenSupport = 1UL << 17,

    /// <summary>Lookups and listings of one directory may run side by side.</summary>
    ParallelDirectoryOperations = 1UL << 18,

    /// <summary>PagesMax is meant.</summary>
    MaxPages = 1UL << 22,

    /// <summary>Targets of symbolic links are cached.</summary>
    CacheSymbolicLinks = 1UL << 23,

    /// <summary>OPENDIR may be answered with ENOSYS.</summary>
    NoOpenDirectorySupport = 1UL << 24,

    /// <summary>Pages are dropped only when they are told to be old.</summary>
    ExplicitInvalidateData = 1UL << 25,

    /// <summary>The filesystem clears setuid and setgid bits when it is told to.</summary>
    HandleKillPrivilegesV2 = 1UL << 28,

    /// <summary>SETXATTR in its long form.</summary>
    SetXattrExtended = 1UL << 29,

    /// <summary>There are more than 32 flags.</summary>
    InitExtended = 1UL << 30,
}
