using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>GETLK, SETLK and SETLKW: 48 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct LockIn
{
    public ulong Handle;
    public ulong Owner;
    public LockWire Lock;
    public uint Flags;
    public uint Padding;
}
