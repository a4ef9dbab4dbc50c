namespace SigmaComms.Fuse.Files;

/// <summary>Attributes of a node.</summary>
public readonly record struct NodeAttributes
{
    /// <summary>The number that stat shows.</summary>
    public ulong Inode { get; init; }

    /// <summary>Size in bytes.</summary>
    public ulong Size { get; init; }

    /// <summary>Units of 512 bytes that it takes.</summary>
    public ulong Blocks { get; init; }

    /// <summary>Last read.</summary>
    public FileTime AccessTime { get; init; }

    /// <summary>Last write.</summary>
    public FileTime ModifyTime { get; init; }

    /// <summary>Last change of content or attributes.</summary>
    public FileTime ChangeTime { get; init; }

    /// <summary>Type, special bits and permissions.</summary>
    public uint Mode { get; init; }

    /// <summary>Names of it; of a directory: 2 and one for each directory in it.</summary>
    public uint LinkCount { get; init; }

    /// <summary>Owner.</summary>
    public uint UserId { get; init; }

    /// <summary>Group.</summary>
    public uint GroupId { get; init; }

    /// <summary>Device number of a device.</summary>
    public uint Device { get; init; }

    /// <summary>Size of access that serves best.</summary>
    public uint BlockSize { get; init; }
}
