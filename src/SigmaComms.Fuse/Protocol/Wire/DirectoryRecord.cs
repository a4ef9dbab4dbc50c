using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>Before each name of READDIR: 24 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct DirectoryRecord
{
    public ulong Inode;
    public ulong Cookie;
    public uint NameLength;
    public uint Type;
}
