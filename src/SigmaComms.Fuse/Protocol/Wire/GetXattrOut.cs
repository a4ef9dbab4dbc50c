using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>Reply to GETXATTR and LISTXATTR that ask for the size: 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct GetXattrOut
{
    public uint Size;
    public uint Padding;
}
