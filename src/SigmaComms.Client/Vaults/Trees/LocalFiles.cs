using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using SigmaComms.Vault.Namespace;

namespace SigmaComms.Client.Vaults.Trees;

/// <summary>Asks this machine's disk what a name stands for and sets what belongs to it, links not followed.</summary>
internal static class LocalFiles
{
    private const ushort UsualMode = 0x1A4;
    private const ushort UsualFolderMode = 0x1ED;
    private const ushort LinkMode = 0x1FF;
    private const long NanosecondsPerSecond = 1_000_000_000;

    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const uint BasicMask = 0x7FF;
    private const int StatSizeBytes = 256;
    private const int UidOffset = 20;
    private const int GidOffset = 24;
    private const int ModeOffset = 28;
    private const int ModifiedOffset = 112;
    private const int TypeBits = 0xF000;

    // macOS has numbers of its own for the same things.
    private const int CurrentFolderOfMac = -2;
    private const int NoFollowOfMac = 0x20;

    private const long TimeLeftAsItIs = 0x3FFFFFFE;
    private const long TimeLeftAsItIsOfMac = -2;

    private static bool IsUnix => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    /// <summary>What a path stands for.</summary>
    public static LocalKind KindOf(string path) => Look(path).Kind;

    /// <summary>All that is known of a path.</summary>
    public static LocalStat Look(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return OfAttributes(path);
        }

        byte[] stat = new byte[StatSizeBytes];
        if (StatX(CurrentFolder, Terminated(path), NoFollow, BasicMask, stat) != 0)
        {
            return default;
        }

        ushort mode = BitConverter.ToUInt16(stat, ModeOffset);
        LocalKind kind = (mode & TypeBits) switch
        {
            0x8000 => LocalKind.File,
            0x4000 => LocalKind.Directory,
            0xA000 => LocalKind.Link,
            _ => LocalKind.Special,
        };
        return new LocalStat(
            kind,
            (ushort)(mode & Ownership.ModeMask),
            BitConverter.ToUInt32(stat, UidOffset),
            BitConverter.ToUInt32(stat, GidOffset),
            UnixTime.Of(
                BitConverter.ToInt64(stat, ModifiedOffset),
                BitConverter.ToUInt32(stat, ModifiedOffset + sizeof(long))));
    }

    /// <summary>Where a link points, as its bytes are.</summary>
    /// <exception cref="IOException">It points nowhere, or too far.</exception>
    public static byte[] TargetOf(string link)
    {
        byte[] target = new byte[NamespaceLimits.TargetSizeMax + 1];
        nint length;
        if (IsUnix)
        {
            length = ReadLink(Terminated(link), target, target.Length);
        }
        else
        {
            string text = new FileInfo(link).LinkTarget ?? "";
            length = Encoding.UTF8.TryGetBytes(text, target, out int written) ? written : target.Length;
        }

        return length > 0 && length < target.Length
            ? target[..(int)length]
            : throw new IOException("The link's target is empty, too long, or cannot be read.");
    }

    /// <summary>Makes a link.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static void MakeLink(string link, ReadOnlySpan<byte> target)
    {
        if (!IsUnix)
        {
            File.CreateSymbolicLink(link, Encoding.UTF8.GetString(target));
        }
        else if (SymLink([.. target, 0], Terminated(link)) != 0)
        {
            throw Failed(link);
        }
    }

    /// <summary>Sets when a file, folder or link changed; not of links where they have no dates of their own.</summary>
    /// <exception cref="IOException">It cannot be set.</exception>
    public static void SetModified(string path, LocalKind kind, long modifiedAt)
    {
        if (IsUnix)
        {
            (long seconds, long rest) = Math.DivRem(modifiedAt, NanosecondsPerSecond);
            long borrow = rest < 0 ? 1 : 0;
            bool isMac = OperatingSystem.IsMacOS();
            long[] times =
            [
                0, isMac ? TimeLeftAsItIsOfMac : TimeLeftAsItIs,
                seconds - borrow, rest + (borrow * NanosecondsPerSecond),
            ];
            int failed = UTimeNsAt(
                isMac ? CurrentFolderOfMac : CurrentFolder, Terminated(path), times, isMac ? NoFollowOfMac : NoFollow);
            if (failed != 0)
            {
                throw Failed(path);
            }
        }
        else if (kind == LocalKind.Directory)
        {
            Directory.SetLastWriteTimeUtc(path, UnixTime.ToDate(modifiedAt).UtcDateTime);
        }
        else if (kind == LocalKind.File)
        {
            File.SetLastWriteTimeUtc(path, UnixTime.ToDate(modifiedAt).UtcDateTime);
        }
    }

    /// <summary>Gives a file, folder or link to its owner and group, if this process may do so with any.</summary>
    /// <exception cref="IOException">It cannot be given.</exception>
    public static void SetOwner(string path, uint uid, uint gid)
    {
        if (IsUnix && Environment.IsPrivilegedProcess && LChown(Terminated(path), uid, gid) != 0)
        {
            throw Failed(path);
        }
    }

    private static LocalStat OfAttributes(string path)
    {
        FileInfo info = new(path);
        FileAttributes attributes = info.Attributes;
        if ((int)attributes == -1)
        {
            return default;
        }

        LocalKind kind = info.LinkTarget is not null ? LocalKind.Link
            : attributes.HasFlag(FileAttributes.Directory) ? LocalKind.Directory
            : LocalKind.File;
        ushort usual = kind switch
        {
            LocalKind.Link => LinkMode,
            LocalKind.Directory => UsualFolderMode,
            _ => UsualMode,
        };
        ushort mode = OperatingSystem.IsWindows() || kind == LocalKind.Link
            ? usual
            : (ushort)((int)info.UnixFileMode & Ownership.ModeMask);
        return new LocalStat(kind, mode, 0, 0, UnixTime.Of(new DateTimeOffset(info.LastWriteTimeUtc)));
    }

    private static byte[] Terminated(string path) => [.. Encoding.UTF8.GetBytes(path), 0];

    private static IOException Failed(string path) =>
        new($"'{path}': {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static extern int StatX(int folder, byte[] path, int flags, uint mask, byte[] stat);

    [DllImport("libc", EntryPoint = "readlink", SetLastError = true)]
    private static extern nint ReadLink(byte[] path, byte[] target, nint size);

    [DllImport("libc", EntryPoint = "symlink", SetLastError = true)]
    private static extern int SymLink(byte[] target, byte[] path);

    [DllImport("libc", EntryPoint = "lchown", SetLastError = true)]
    private static extern int LChown(byte[] path, uint uid, uint gid);

    [DllImport("libc", EntryPoint = "utimensat", SetLastError = true)]
    private static extern int UTimeNsAt(int folder, byte[] path, long[] times, int flags);
}
