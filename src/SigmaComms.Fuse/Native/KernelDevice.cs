using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SigmaComms.Fuse.Native;

/// <summary>An open /dev/fuse that a mount belongs to.</summary>
internal sealed class KernelDevice(SafeFileHandle descriptor) : IKernelDevice
{
    public unsafe int Read(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint length = Libc.Read(descriptor, start, (nuint)buffer.Length);
            return length < 0 ? -Marshal.GetLastPInvokeError() : (int)length;
        }
    }

    public unsafe int Write(ReadOnlySpan<byte> message)
    {
        fixed (byte* start = message)
        {
            nint length = Libc.Write(descriptor, start, (nuint)message.Length);
            return length < 0 ? -Marshal.GetLastPInvokeError() : (int)length;
        }
    }

    public void Dispose() => descriptor.Dispose();
}
