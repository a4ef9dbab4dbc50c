using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>Before the name and value of SETXATTR, in the long form: 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct SetXattrIn
{
    public uint Size;
    public uint Flags;
    public uint SetFlags;
    public uint Padding;
}
