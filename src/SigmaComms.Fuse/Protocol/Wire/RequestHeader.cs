using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>Before every request: 40 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct RequestHeader
{
    public uint Length;
    public uint Opcode;
    public ulong Unique;
    public ulong Node;
    public uint UserId;
    public uint GroupId;
    public uint ProcessId;
    public ushort ExtensionWords;
    public ushort Padding;
}
