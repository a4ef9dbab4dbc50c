using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>Before every reply and notification: 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct ReplyHeader
{
    public uint Length;
    public int Error;
    public ulong Unique;
}
