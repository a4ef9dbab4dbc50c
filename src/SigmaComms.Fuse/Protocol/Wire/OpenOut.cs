using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>Reply to what opens: 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct OpenOut
{
    public ulong Handle;
    public uint OpenFlags;
    public uint Backing;
}
