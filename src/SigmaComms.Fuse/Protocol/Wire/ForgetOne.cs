using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>One node of BATCH_FORGET: 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct ForgetOne
{
    public ulong Node;
    public ulong Lookups;
}
