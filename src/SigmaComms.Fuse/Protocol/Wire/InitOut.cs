using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>Reply to INIT: 64 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct InitOut
{
    public uint Major;
    public uint Minor;
    public uint ReadAheadMax;
    public uint Flags;
    public ushort BackgroundMax;
    public ushort CongestionThreshold;
    public uint WriteMax;
    public uint TimeGranularity;
    public ushort PagesMax;
    public ushort MapAlignment;
    public uint Flags2;
    public uint StackDepthMax;
    public ushort RequestTimeout;
    public ushort Unused0;
    public uint Unused1;
    public uint Unused2;
    public uint Unused3;
    public uint Unused4;
    public uint Unused5;
}
