using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>Before the name of CREATE and TMPFILE: 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct CreateIn
{
    public uint Flags;
    public uint Mode;
    public uint Mask;
    public uint OpenFlags;
}
