using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>FSYNC and FSYNCDIR: 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct SyncIn
{
    public ulong Handle;
    public uint Flags;
    public uint Padding;
}
