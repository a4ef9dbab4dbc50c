using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>Before the nodes of BATCH_FORGET: 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct BatchForgetIn
{
    public uint Count;
    public uint Padding;
}
