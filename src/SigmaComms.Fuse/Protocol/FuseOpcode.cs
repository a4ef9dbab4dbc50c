namespace SigmaComms.Fuse.Protocol;

/// <summary>What the kernel asks for. Numbers that are not here are answered with ENOSYS.</summary>
public enum FuseOpcode
{
    /// <summary>No request.</summary>
    None = 0,

    /// <summary>FUSE_LOOKUP.</summary>
    Lookup = 1,

    /// <summary>FUSE_FORGET.</summary>
    Forget = 2,

    /// <summary>FUSE_GETATTR.</summary>
    GetAttributes = 3,

    /// <summary>FUSE_SETATTR.</summary>
    SetAttributes = 4,

    /// <summary>FUSE_READLINK.</summary>
    ReadLink = 5,

    /// <summary>FUSE_SYMLINK.</summary>
    SymbolicLink = 6,

    /// <summary>FUSE_MKNOD.</summary>
    MakeNode = 8,

    /// <summary>FUSE_MKDIR.</summary>
    MakeDirectory = 9,

    /// <summary>FUSE_UNLINK.</summary>
    Unlink = 10,

    /// <summary>FUSE_RMDIR.</summary>
    RemoveDirectory = 11,

    /// <summary>FUSE_RENAME.</summary>
    Rename = 12,

    /// <summary>FUSE_LINK.</summary>
    Link = 13,

    /// <summary>FUSE_OPEN.</summary>
    Open = 14,

    /// <summary>FUSE_READ.</summary>
    Read = 15,

    /// <summary>FUSE_WRITE.</summary>
    Write = 16,

    /// <summary>FUSE_STATFS.</summary>
    Statistics = 17,

    /// <summary>FUSE_RELEASE.</summary>
    Release = 18,

    /// <summary>FUSE_FSYNC.</summary>
    Sync = 20,

    /// <summary>FUSE_SETXATTR.</summary>
    SetXattr = 21,

    /// <summary>FUSE_GETXATTR.</summary>
    GetXattr = 22,

    /// <summary>FUSE_LISTXATTR.</summary>
    ListXattr = 23,

    /// <summary>FUSE_REMOVEXATTR.</summary>
    RemoveXattr = 24,

    /// <summary>FUSE_FLUSH.</summary>
    Flush = 25,

    /// <summary>FUSE_INIT.</summary>
    Init = 26,

    /// <summary>FUSE_OPENDIR.</summary>
    OpenDirectory = 27,

    /// <summary>FUSE_READDIR.</summary>
    ReadDirectory = 28,

    /// <summary>FUSE_RELEASEDIR.</summary>
    ReleaseDirectory = 29,

    /// <summary>FUSE_FSYNCDIR.</summary>
    SyncDirectory = 30,

    /// <summary>FUSE_GETLK.</summary>
    GetLock = 31,

    /// <summary>FUSE_SETLK.</summary>
    SetLock = 32,

    /// <summary>FUSE_SETLKW.</summary>
    SetLockWait = 33,

    /// <summary>FUSE_ACCESS.</summary>
    Access = 34,

    /// <summary>FUSE_CREATE.</summary>
    Create = 35,

    /// <summary>FUSE_INTERRUPT.</summary>
    Interrupt = 36,

    /// <summary>FUSE_DESTROY.</summary>
    Destroy = 38,

    /// <summary>FUSE_IOCTL.</summary>
    Control = 39,

    /// <summary>FUSE_POLL.</summary>
    Poll = 40,

    /// <summary>FUSE_BATCH_FORGET.</summary>
    BatchForget = 42,

    /// <summary>FUSE_FALLOCATE.</summary>
    Allocate = 43,

    /// <summary>FUSE_READDIRPLUS.</summary>
    ReadDirectoryPlus = 44,

    /// <summary>FUSE_RENAME2.</summary>
    Rename2 = 45,

    /// <summary>FUSE_LSEEK.</summary>
    Seek = 46,

    /// <summary>FUSE_COPY_FILE_RANGE.</summary>
    CopyRange = 47,

    /// <summary>FUSE_TMPFILE.</summary>
    TemporaryFile = 51,
}
