using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>ACCESS: 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct AccessIn
{
    public uint Mask;
    public uint Padding;
}
