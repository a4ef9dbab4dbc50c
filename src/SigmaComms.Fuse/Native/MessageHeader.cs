using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Native;

/// <summary>The message of recvmsg(2) on 64-bit Linux: 56 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    public void* Name;
    public uint NameLength;
    public IoVector* Vectors;
    public nuint VectorCount;
    public void* Control;
    public nuint ControlLength;
    public int Flags;
}
