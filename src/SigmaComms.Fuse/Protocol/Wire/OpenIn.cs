using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>OPEN and OPENDIR: 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct OpenIn
{
    public uint Flags;
    public uint OpenFlags;
}
