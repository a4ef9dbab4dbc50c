using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>FLUSH: 24 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct FlushIn
{
    public ulong Handle;
    public uint Unused;
    public uint Padding;
    public ulong LockOwner;
}
