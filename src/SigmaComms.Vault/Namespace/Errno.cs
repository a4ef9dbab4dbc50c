namespace SigmaComms.Vault.Namespace;

/// <summary>Why an operation failed, by Linux' numbers. The same on every machine.</summary>
public enum Errno
{
    /// <summary>It did not fail.</summary>
    None = 0,

    /// <summary>EPERM: not on such an inode.</summary>
    NotPermitted = 1,

    /// <summary>ENOENT: no such entry or inode.</summary>
    NotFound = 2,

    /// <summary>EIO: the cluster cannot be used. Never of an operation, only of what a mount does with them.</summary>
    Io = 5,

    /// <summary>EAGAIN: somebody else holds a lock.</summary>
    Again = 11,

    /// <summary>EEXIST: the name, or the new inode's number, is taken.</summary>
    Exists = 17,

    /// <summary>ENOTDIR: not a directory.</summary>
    NotDirectory = 20,

    /// <summary>EISDIR: a directory.</summary>
    IsDirectory = 21,

    /// <summary>EINVAL: makes no sense, such as moving a directory into itself.</summary>
    Invalid = 22,

    /// <summary>EFBIG: larger than a file may be.</summary>
    TooLarge = 27,

    /// <summary>ENOSPC: the namespace, or an inode's attributes, are full.</summary>
    NoSpace = 28,

    /// <summary>EROFS: nothing may be changed here. Never of an operation, only of a mount.</summary>
    ReadOnly = 30,

    /// <summary>EMLINK: as many hard links as there may be.</summary>
    TooManyLinks = 31,

    /// <summary>ENOLCK: as many locks as there may be.</summary>
    NoLocks = 37,

    /// <summary>ENOTEMPTY: the directory is not empty.</summary>
    NotEmpty = 39,

    /// <summary>ENODATA: no such extended attribute.</summary>
    NoData = 61,

    /// <summary>EOPNOTSUPP: not for this content.</summary>
    NotSupported = 95,

    /// <summary>ESTALE: the precondition no longer holds; look again.</summary>
    Stale = 116,
}
