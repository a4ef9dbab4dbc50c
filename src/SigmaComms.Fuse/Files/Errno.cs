namespace SigmaComms.Fuse.Files;

/// <summary>Errors as Linux numbers them on x86-64 and arm64.</summary>
public enum Errno
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>EPERM: operation not permitted.</summary>
    NotPermitted = 1,

    /// <summary>ENOENT: no such file or directory.</summary>
    NoEntry = 2,

    /// <summary>EINTR: interrupted.</summary>
    Interrupted = 4,

    /// <summary>EIO: input/output error.</summary>
    InputOutput = 5,

    /// <summary>ENXIO: no such device or address; also: no data or hole beyond.</summary>
    NoSuchAddress = 6,

    /// <summary>EBADF: not an open handle, or not open for this.</summary>
    BadHandle = 9,

    /// <summary>EAGAIN: try again; of locks: held by another.</summary>
    TryAgain = 11,

    /// <summary>ENOMEM: out of memory.</summary>
    NoMemory = 12,

    /// <summary>EACCES: permission denied.</summary>
    AccessDenied = 13,

    /// <summary>EBUSY: busy.</summary>
    Busy = 16,

    /// <summary>EEXIST: exists already.</summary>
    Exists = 17,

    /// <summary>EXDEV: across filesystems.</summary>
    CrossDevice = 18,

    /// <summary>ENODEV: no such device.</summary>
    NoDevice = 19,

    /// <summary>ENOTDIR: not a directory.</summary>
    NotDirectory = 20,

    /// <summary>EISDIR: is a directory.</summary>
    IsDirectory = 21,

    /// <summary>EINVAL: invalid argument.</summary>
    Invalid = 22,

    /// <summary>ENFILE: too many open files in the system.</summary>
    TooManyFiles = 23,

    /// <summary>EFBIG: file too large.</summary>
    TooLarge = 27,

    /// <summary>ENOSPC: no space left.</summary>
    NoSpace = 28,

    /// <summary>EROFS: read-only filesystem.</summary>
    ReadOnly = 30,

    /// <summary>EMLINK: too many links.</summary>
    TooManyLinks = 31,

    /// <summary>ERANGE: the result does not fit.</summary>
    Range = 34,

    /// <summary>ENAMETOOLONG: name too long.</summary>
    NameTooLong = 36,

    /// <summary>ENOSYS: not implemented; the kernel does not ask again.</summary>
    NotImplemented = 38,

    /// <summary>ENOTEMPTY: directory not empty.</summary>
    NotEmpty = 39,

    /// <summary>ELOOP: too many symbolic links.</summary>
    Loop = 40,

    /// <summary>ENODATA: no such extended attribute.</summary>
    NoData = 61,

    /// <summary>EPROTO: protocol error.</summary>
    Protocol = 71,

    /// <summary>EOVERFLOW: value too large.</summary>
    Overflow = 75,

    /// <summary>EOPNOTSUPP: not supported.</summary>
    NotSupported = 95,

    /// <summary>ENOTCONN: the process behind a mount is gone.</summary>
    NotConnected = 107,

    /// <summary>ETIMEDOUT: timed out.</summary>
    TimedOut = 110,

    /// <summary>ESTALE: node that is no longer there.</summary>
    Stale = 116,

    /// <summary>EDQUOT: quota exceeded.</summary>
    Quota = 122,
}
