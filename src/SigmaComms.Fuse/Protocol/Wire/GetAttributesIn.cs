using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>GETATTR: 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct GetAttributesIn
{
    public uint Flags;
    public uint Padding;
    public ulong Handle;
}
