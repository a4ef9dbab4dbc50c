using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>A range that is locked: 24 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct LockWire
{
    public ulong Start;
    public ulong End;
    public uint Type;
    public uint ProcessId;
}
