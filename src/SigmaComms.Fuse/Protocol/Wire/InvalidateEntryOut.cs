using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>Before the name that is told to be old: 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct InvalidateEntryOut
{
    public ulong Parent;
    public uint NameLength;
    public uint Flags;
}
