using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>Reply to GETATTR and SETATTR: 104 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct AttributesOut
{
    public ulong ValidSeconds;
    public uint ValidNanoseconds;
    public uint Padding;
    public AttributesWire Attributes;
}
