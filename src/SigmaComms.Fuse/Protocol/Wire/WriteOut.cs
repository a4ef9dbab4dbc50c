using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>Reply to WRITE and COPY_FILE_RANGE: 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct WriteOut
{
    public uint Size;
    public uint Padding;
}
