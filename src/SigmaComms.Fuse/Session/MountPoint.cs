using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Native;

namespace SigmaComms.Fuse.Session;

/// <summary>A directory that a filesystem is mounted on.</summary>
internal static class MountPoint
{
    private const string FuseType = "fuse";

    /// <summary>
    /// The directory's real path, once it is there, a directory, empty unless told otherwise, and not a mount point.
    /// What a process that is gone left mounted there is detached first.
    /// </summary>
    public static string Prepare(string directory, FuseOptions options)
    {
        string path = Resolve(directory);
        for (int detached = 0; MountTable.TypeAt(path) is { } type; detached++)
        {
            bool fuse = type == FuseType || type.StartsWith(FuseType + ".", StringComparison.Ordinal);
            if (!fuse || detached == 16 || Ask(path) != Errno.NotConnected)
            {
                throw new FuseMountException(MountFailure.AlreadyMounted, $"{path}: something is mounted there.");
            }

            // Sixteen stale mounts on top of each other are no accident any more.
            Unmounter.Detach(path);
        }

        Errno error = Ask(path);
        if (error != Errno.None)
        {
            throw Failure(path, error);
        }

        if (!options.AllowNonEmpty && Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new FuseMountException(MountFailure.NotEmpty, $"{path}: not empty.");
        }

        return path;
    }

    /// <summary>The path without symbolic links.</summary>
    public static unsafe string Resolve(string directory)
    {
        byte[] resolved = new byte[Libc.PathMax];
        fixed (byte* source = NativePath.Encode(directory))
        fixed (byte* target = resolved)
        {
            if (Libc.RealPath(source, target) is null)
            {
                throw Failure(directory, (Errno)Marshal.GetLastPInvokeError());
            }
        }

        return Encoding.UTF8.GetString(resolved.AsSpan(0, resolved.AsSpan().IndexOf((byte)0)));
    }

    /// <summary>Opens a directory; answers why it cannot be opened.</summary>
    public static unsafe Errno Open(string path, out SafeFileHandle directory)
    {
        fixed (byte* bytes = NativePath.Encode(path))
        {
            int descriptor = Libc.Open(bytes, Libc.OpenDirectory | Libc.OpenCloseOnExec, 0);
            Errno error = descriptor < 0 ? (Errno)Marshal.GetLastPInvokeError() : Errno.None;
            directory = new SafeFileHandle(descriptor, ownsHandle: true);
            return error;
        }
    }

    public static FuseMountException Failure(string path, Errno error) => error switch
    {
        Errno.NoEntry => new FuseMountException(MountFailure.DirectoryMissing, $"{path}: no such directory."),
        Errno.NotDirectory => new FuseMountException(MountFailure.NotDirectory, $"{path}: not a directory."),
        Errno.NotPermitted or Errno.AccessDenied =>
            new FuseMountException(MountFailure.NoPermission, $"{path}: permission denied."),
        Errno.Busy => new FuseMountException(MountFailure.Busy, $"{path}: in use."),
        Errno.NoDevice => new FuseMountException(MountFailure.NoDevice, "This kernel has no FUSE."),
        _ => new FuseMountException(MountFailure.System, $"{path}: error {(int)error}."),
    };

    /// <summary>Opens a directory, by which whoever serves it is asked, and closes it again.</summary>
    private static Errno Ask(string path)
    {
        Errno error = Open(path, out SafeFileHandle directory);
        directory.Dispose();
        return error;
    }
}
