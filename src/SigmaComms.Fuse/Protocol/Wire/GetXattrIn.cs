using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>GETXATTR (before its name) and LISTXATTR: 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct GetXattrIn
{
    public uint Size;
    public uint Padding;
}
