using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SigmaComms.Cluster.Disks;

/// <summary>A file of the file system.</summary>
/// <remarks>
/// The framework's FlushToDisk and Flush(true) call fsync on Linux, which also waits for the times of the file; this
/// calls fdatasync itself. Elsewhere the framework's way is taken.
/// </remarks>
internal sealed class FolderFile : IDiskFile
{
    private const int Interrupted = 4;

    private readonly SafeFileHandle _handle;
    private readonly string _path;

    private FolderFile(SafeFileHandle handle, string path)
    {
        _handle = handle;
        _path = path;
    }

    /// <inheritdoc/>
    public long Length => RandomAccess.GetLength(_handle);

    /// <summary>Makes a file that its owner alone may read, with room set aside; replaces one that is there.</summary>
    public static FolderFile Create(string path, long sizeBytes)
    {
        FolderFile file = new(
            File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read), path);
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file._handle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            file.SetAside(sizeBytes);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file that is there.</summary>
    public static FolderFile Open(string path) =>
        new(File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read), path);

    /// <inheritdoc/>
    public int Read(long offset, Span<byte> destination)
    {
        int total = 0;
        while (total < destination.Length)
        {
            int count = RandomAccess.Read(_handle, destination[total..], offset + total);
            if (count == 0)
            {
                break;
            }

            total += count;
        }

        return total;
    }

    /// <inheritdoc/>
    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_handle, bytes, offset);
        }
        catch (IOException error) when (DiskFullException.IsMeantBy(error.HResult))
        {
            throw new DiskFullException($"There is no room on the disk for '{_path}'.", error);
        }
    }

    /// <inheritdoc/>
    public void Sync()
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(_handle);
            return;
        }

        // An interrupted call did nothing yet; every other failure is final.
        while (SyncData(_handle) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
            {
                throw Failure($"'{_path}' cannot be made durable", error);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private void SetAside(long sizeBytes)
    {
        if (sizeBytes == 0)
        {
            return;
        }

        int error = OperatingSystem.IsLinux() ? SetAside(_handle, 0, sizeBytes) : 0;
        while (error == Interrupted)
        {
            error = SetAside(_handle, 0, sizeBytes);
        }

        if (error != 0)
        {
            throw Failure($"No {sizeBytes} bytes can be set aside for '{_path}'", error);
        }

        RandomAccess.SetLength(_handle, sizeBytes);
    }

    private static IOException Failure(string what, int error)
    {
        string message = $"{what}: {Marshal.GetPInvokeErrorMessage(error)}";
        return DiskFullException.IsMeantBy(error) ? new DiskFullException(message) : new IOException(message);
    }

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static extern int SyncData(SafeFileHandle file);

    [DllImport("libc", EntryPoint = "posix_fallocate")]
    private static extern int SetAside(SafeFileHandle file, long offset, long sizeBytes);
}
