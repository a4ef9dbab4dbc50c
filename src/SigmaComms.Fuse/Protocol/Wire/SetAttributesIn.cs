using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>SETATTR: 88 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct SetAttributesIn
{
    public uint Valid;
    public uint Padding;
    public ulong Handle;
    public ulong Size;
    public ulong LockOwner;
    public ulong AccessSeconds;
    public ulong ModifySeconds;
    public ulong ChangeSeconds;
    public uint AccessNanoseconds;
    public uint ModifyNanoseconds;
    public uint ChangeNanoseconds;
    public uint Mode;
    public uint Unused;
    public uint UserId;
    public uint GroupId;
    public uint UnusedLast;
}
