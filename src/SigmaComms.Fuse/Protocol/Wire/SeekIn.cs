using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>LSEEK: 24 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct SeekIn
{
    public ulong Handle;
    public ulong Offset;
    public uint Whence;
    public uint Padding;
}
