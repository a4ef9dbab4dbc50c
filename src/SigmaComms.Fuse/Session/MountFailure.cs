namespace SigmaComms.Fuse.Session;

/// <summary>Why a filesystem cannot be mounted or unmounted.</summary>
public enum MountFailure
{
    /// <summary>The system said no for another reason; the message says which.</summary>
    System,

    /// <summary>There is no /dev/fuse, or no FUSE in the kernel.</summary>
    NoDevice,

    /// <summary>The kernel's protocol is older than 7.31.</summary>
    KernelTooOld,

    /// <summary>There is no such directory.</summary>
    DirectoryMissing,

    /// <summary>It is not a directory.</summary>
    NotDirectory,

    /// <summary>There is something in the directory.</summary>
    NotEmpty,

    /// <summary>Something is mounted there and alive.</summary>
    AlreadyMounted,

    /// <summary>This user may not mount there, or not so.</summary>
    NoPermission,

    /// <summary>An ordinary user needs fusermount3, which is not installed.</summary>
    NoMountProgram,

    /// <summary>Nothing is mounted there.</summary>
    NotMounted,

    /// <summary>It is in use.</summary>
    Busy,
}
