using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>Before the name of LINK: 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct LinkIn
{
    public ulong Node;
}
