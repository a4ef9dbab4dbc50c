namespace SigmaComms.Vault.Namespace;

/// <summary>The numbers of operations. They never change.</summary>
internal enum OperationCode : byte
{
    /// <summary>Not a value.</summary>
    None = 0,

    /// <summary>Makes a file, directory, pipe, socket or device.</summary>
    Make = 1,

    /// <summary>Makes a symbolic link.</summary>
    MakeSymlink = 2,

    /// <summary>Makes a file without a name.</summary>
    MakeUnnamed = 3,

    /// <summary>Gives a file another name.</summary>
    Link = 4,

    /// <summary>Takes a name from a file.</summary>
    Unlink = 5,

    /// <summary>Removes an empty directory.</summary>
    RemoveDirectory = 6,

    /// <summary>Moves a name.</summary>
    Rename = 7,

    /// <summary>Sets attributes.</summary>
    SetAttributes = 8,

    /// <summary>Cuts or lengthens a file.</summary>
    Truncate = 9,

    /// <summary>Puts a new stripe into a file.</summary>
    WriteStripe = 10,

    /// <summary>Makes the whole content of a small file.</summary>
    WriteInline = 11,

    /// <summary>Makes a range read as zeros.</summary>
    PunchHole = 12,

    /// <summary>Lets a range share stripes.</summary>
    CloneRange = 13,

    /// <summary>Sets an extended attribute.</summary>
    SetXattr = 14,

    /// <summary>Removes an extended attribute.</summary>
    RemoveXattr = 15,

    /// <summary>Locks or frees a range.</summary>
    SetLock = 16,

    /// <summary>Keeps an inode.</summary>
    Hold = 17,

    /// <summary>Ends a hold.</summary>
    Release = 18,

    /// <summary>Ends all claims of a writer.</summary>
    ReleaseWriter = 19,

    /// <summary>A condition on a name.</summary>
    RequireEntry = 20,

    /// <summary>A condition on an inode.</summary>
    RequireVersion = 21,

    /// <summary>Takes the write lease.</summary>
    TakeLease = 22,

    /// <summary>A condition on the write lease.</summary>
    RequireLease = 23,
}
