using SigmaComms.Fuse.Files;

namespace SigmaComms.FuseProbe.Memory;

/// <summary>A file, directory, symbolic link or special file.</summary>
public sealed class MemoryNode(ulong number, uint mode, FileTime now)
{
    private const int BlockUnit = 512;

    public NodeId Id => new(number);

    public uint Mode { get; set; } = mode;

    public uint UserId { get; set; }

    public uint GroupId { get; set; }

    public uint LinkCount { get; set; } = 1;

    public uint Device { get; init; }

    public FileTime AccessTime { get; set; } = now;

    public FileTime ModifyTime { get; set; } = now;

    public FileTime ChangeTime { get; set; } = now;

    /// <summary>How often the kernel knows it.</summary>
    public ulong Lookups { get; set; }

    /// <summary>Its directory, if it is a directory.</summary>
    public MemoryNode? Parent { get; set; }

    public DirectoryTable? Names { get; } = (mode & NodeMode.TypeMask) == NodeMode.Directory ? new() : null;

    public PageFile? Content { get; } = (mode & NodeMode.TypeMask) == NodeMode.Regular ? new() : null;

    public byte[] Target { get; init; } = [];

    public Dictionary<ByteName, byte[]> Xattrs { get; } = [];

    public LockTable PosixLocks { get; } = new();

    public LockTable Flocks { get; } = new();

    public bool IsDirectory => Names is not null;

    public NodeAttributes Attributes() => new()
    {
        Inode = number,
        Size = (ulong)(Content?.Size ?? Target.Length),
        Blocks = (ulong)((Content?.Pages ?? 0) * (PageFile.PageBytes / BlockUnit)),
        AccessTime = AccessTime,
        ModifyTime = ModifyTime,
        ChangeTime = ChangeTime,
        Mode = Mode,
        LinkCount = LinkCount,
        UserId = UserId,
        GroupId = GroupId,
        Device = Device,
        BlockSize = PageFile.PageBytes,
    };
}
