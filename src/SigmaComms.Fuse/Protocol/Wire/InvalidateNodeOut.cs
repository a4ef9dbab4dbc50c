using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>Notification that a node's attributes and content are old: 24 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct InvalidateNodeOut
{
    public ulong Node;
    public long Offset;
    public long Length;
}
