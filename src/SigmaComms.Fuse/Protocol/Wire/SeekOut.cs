using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>Reply to LSEEK: 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct SeekOut
{
    public ulong Offset;
}
