using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>Before the name of MKNOD: 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct MakeNodeIn
{
    public uint Mode;
    public uint Device;
    public uint Mask;
    public uint Padding;
}
