using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>FALLOCATE: 32 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct AllocateIn
{
    public ulong Handle;
    public ulong Offset;
    public ulong Length;
    public uint Mode;
    public uint Padding;
}
