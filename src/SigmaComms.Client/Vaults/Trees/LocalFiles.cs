using System.Runtime.InteropServices;
using System.Text;

namespace SigmaComms.Client.Vaults.Trees;

/// <summary>Asks this machine's disk what a name stands for, links not followed.</summary>
internal static class LocalFiles
{
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const uint TypeMask = 1;
    private const int StatSizeBytes = 256;
    private const int ModeOffset = 28;
    private const int TypeBits = 0xF000;

    /// <summary>What a path stands for.</summary>
    public static LocalKind KindOf(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return OfAttributes(path);
        }

        byte[] stat = new byte[StatSizeBytes];
        byte[] name = [.. Encoding.UTF8.GetBytes(path), 0];
        return StatX(CurrentFolder, name, NoFollow, TypeMask, stat) != 0
            ? LocalKind.None
            : (BitConverter.ToUInt16(stat, ModeOffset) & TypeBits) switch
            {
                0x8000 => LocalKind.File,
                0x4000 => LocalKind.Directory,
                0xA000 => LocalKind.Link,
                _ => LocalKind.Special,
            };
    }

    private static LocalKind OfAttributes(string path)
    {
        FileInfo info = new(path);
        FileAttributes attributes = info.Attributes;
        return (int)attributes == -1 ? LocalKind.None
            : info.LinkTarget is not null ? LocalKind.Link
            : attributes.HasFlag(FileAttributes.Directory) ? LocalKind.Directory
            : LocalKind.File;
    }

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static extern int StatX(int folder, byte[] path, int flags, uint mask, byte[] stat);
}
