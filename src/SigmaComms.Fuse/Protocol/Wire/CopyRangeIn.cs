using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Protocol.Wire;

/// <summary>COPY_FILE_RANGE: 56 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct CopyRangeIn
{
    public ulong HandleIn;
    public ulong OffsetIn;
    public ulong NodeOut;
    public ulong HandleOut;
    public ulong OffsetOut;
    public ulong Length;
    public ulong Flags;
}
