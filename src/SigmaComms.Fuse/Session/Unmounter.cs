using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Native;

namespace SigmaComms.Fuse.Session;

/// <summary>Unmounts: by umount2(2) as root, else by fusermount3.</summary>
internal static class Unmounter
{
    /// <summary>Unmounts if nobody uses it. Waits until the kernel has written what it holds.</summary>
    /// <exception cref="FuseMountException">In use, or not mounted.</exception>
    public static void Unmount(string path) => Unmount(path, 0);

    /// <summary>Takes the mount out of sight; those who use it go on.</summary>
    public static void Detach(string path) => Unmount(path, Libc.UnmountDetach);

    /// <summary>Takes the mount out of sight and ends its connection: who uses it gets errors. For root.</summary>
    public static void Abort(string path) => Unmount(path, Libc.UnmountDetach | Libc.UnmountForce);

    /// <summary>Has the kernel write what it holds of a mount.</summary>
    public static void Flush(string path)
    {
        Errno error = MountPoint.Open(path, out SafeFileHandle directory);
        using (directory)
        {
            if (error == Errno.None)
            {
                _ = Libc.SyncFileSystem((int)directory.DangerousGetHandle());
            }
        }
    }

    private static unsafe void Unmount(string path, int flags)
    {
        if (Libc.EffectiveUser() != 0)
        {
            MountProgram.Unmount(path, (flags & Libc.UnmountDetach) != 0);
            return;
        }

        fixed (byte* bytes = NativePath.Encode(path))
        {
            if (Libc.Unmount(bytes, flags) == 0)
            {
                return;
            }
        }

        var error = (Errno)Marshal.GetLastPInvokeError();
        throw error == Errno.Invalid
            ? new FuseMountException(MountFailure.NotMounted, $"{path}: nothing is mounted there.")
            : MountPoint.Failure(path, error);
    }
}
