using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>INIT; kernels before 7.36 send the first 16 of these 64 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct InitIn
{
    public uint Major;
    public uint Minor;
    public uint ReadAheadMax;
    public uint Flags;
    public uint Flags2;
    public uint Unused0;
    public uint Unused1;
    public uint Unused2;
    public uint Unused3;
    public uint Unused4;
    public uint Unused5;
    public uint Unused6;
    public uint Unused7;
    public uint Unused8;
    public uint Unused9;
    public uint Unused10;
}
