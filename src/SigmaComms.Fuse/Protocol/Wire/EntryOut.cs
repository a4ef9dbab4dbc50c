using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>Reply to what finds or makes a name: 128 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct EntryOut
{
    public ulong Node;
    public ulong Generation;
    public ulong EntrySeconds;
    public ulong AttributesSeconds;
    public uint EntryNanoseconds;
    public uint AttributesNanoseconds;
    public AttributesWire Attributes;
}
