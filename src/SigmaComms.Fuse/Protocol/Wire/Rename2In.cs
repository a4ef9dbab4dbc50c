using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>Before the names of RENAME2: 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct Rename2In
{
    public ulong NewParent;
    public uint Flags;
    public uint Padding;
}
