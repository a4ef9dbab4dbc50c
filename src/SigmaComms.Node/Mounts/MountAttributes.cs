using SigmaComms.Fuse.Files;
using SigmaComms.Vault.Namespace;
using Errno = SigmaComms.Fuse.Files.Errno;
using VaultErrno = SigmaComms.Vault.Namespace.Errno;

namespace SigmaComms.Node.Mounts;

/// <summary>What the kernel calls what the namespace has.</summary>
internal static class MountAttributes
{
    private const int NanosecondsPerSecond = 1_000_000_000;
    private const ulong BlockBytes = 512;
    private const uint AccessBytes = 128 * 1024;

    /// <summary>The kernel's error; both number them as Linux does.</summary>
    public static Errno ErrorOf(VaultErrno error) => (Errno)(int)error;

    /// <summary>Attributes of an inode.</summary>
    /// <param name="stat">The inode.</param>
    /// <param name="owner">Whom everything belongs to, where that was asked for.</param>
    public static NodeAttributes Of(in InodeStat stat, (uint? Uid, uint? Gid) owner) => new()
    {
        Inode = stat.Inode,
        Size = (ulong)stat.Size,
        Blocks = stat.Kind == FileKind.Regular ? ((ulong)stat.Size + BlockBytes - 1) / BlockBytes : 0,
        AccessTime = TimeOf(stat.AccessedAt),
        ModifyTime = TimeOf(stat.ModifiedAt),
        ChangeTime = TimeOf(stat.ChangedAt),
        Mode = TypeOf(stat.Kind) | stat.Owner.Mode,
        LinkCount = (uint)stat.Links,
        UserId = owner.Uid ?? stat.Owner.Uid,
        GroupId = owner.Gid ?? stat.Owner.Gid,
        Device = stat.Device,
        BlockSize = AccessBytes,
    };

    /// <summary>Nanoseconds since 1970.</summary>
    public static long TimeOf(FileTime time) => checked((time.Seconds * NanosecondsPerSecond) + time.Nanoseconds);

    /// <summary>What is made when the kernel asks for a mode; none if it is nothing that can be made.</summary>
    public static FileKind KindOf(uint mode) => (mode & NodeMode.TypeMask) switch
    {
        NodeMode.Regular or 0 => FileKind.Regular,
        NodeMode.Directory => FileKind.Directory,
        NodeMode.Pipe => FileKind.Fifo,
        NodeMode.Socket => FileKind.Socket,
        NodeMode.CharacterDevice => FileKind.CharacterDevice,
        NodeMode.BlockDevice => FileKind.BlockDevice,
        _ => FileKind.None,
    };

    private static FileTime TimeOf(long nanoseconds)
    {
        long seconds = Math.DivRem(nanoseconds, NanosecondsPerSecond, out long rest);
        return rest < 0
            ? new FileTime(seconds - 1, (uint)(rest + NanosecondsPerSecond))
            : new FileTime(seconds, (uint)rest);
    }

    private static uint TypeOf(FileKind kind) => kind switch
    {
        FileKind.Regular => NodeMode.Regular,
        FileKind.Directory => NodeMode.Directory,
        FileKind.Symlink => NodeMode.SymbolicLink,
        FileKind.Fifo => NodeMode.Pipe,
        FileKind.Socket => NodeMode.Socket,
        FileKind.CharacterDevice => NodeMode.CharacterDevice,
        _ => NodeMode.BlockDevice,
    };
}
