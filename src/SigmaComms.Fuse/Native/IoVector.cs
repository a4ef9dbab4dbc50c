using System.Runtime.InteropServices;

namespace SigmaComms.Fuse.Native;

/// <summary>A piece of memory for a system call.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public void* Base;
    public nuint Length;
}
