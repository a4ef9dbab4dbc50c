using System.Runtime.InteropServices;
using System.Text;

namespace SigmaComms.Client.Identity;

/// <summary>Files and folders that only their owner may read, replaced whole or not at all.</summary>
internal static class OwnerOnlyFile
{
    private const UnixFileMode FolderMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode FileMode600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private const UnixFileMode OthersAny =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const int ErrnoWouldBlock = 11;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    private static long _written;

    /// <summary>Whether a file could not be opened because another process has it.</summary>
    public static bool IsSharingViolation(Exception e) =>
        e is IOException && e.HResult is ErrnoWouldBlock or WindowsSharingViolation;

    /// <summary>Makes the folder, for its owner only, if it is not there.</summary>
    public static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, FolderMode);
        }
    }

    /// <summary>
    /// Makes the content durable under another name, then gives it its name at once: a crash leaves the old file or
    /// the new one.
    /// </summary>
    /// <exception cref="IOException">The file is there and may not be replaced, or the disk failed.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, bool replace)
    {
        string fresh = $"{path}.new-{Environment.ProcessId}-{Interlocked.Increment(ref _written)}";
        File.Delete(fresh);
        try
        {
            using (FileStream file = new(fresh, Options(FileMode.CreateNew)))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            Name(fresh, path, replace);
            FlushFolder(Path.GetDirectoryName(path)!);
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }
    }

    /// <summary>How an owner-only file is opened.</summary>
    public static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions
        {
            Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileMode600;
        }

        return options;
    }

    /// <summary>The command that closes a file or its folder to others; null if it is closed.</summary>
    public static string? HowToClose(FileStream file)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        string folder = Path.GetDirectoryName(file.Name)!;
        return (File.GetUnixFileMode(file.SafeFileHandle) & OthersAny) != 0 ? $"chmod 600 '{file.Name}'"
            : (File.GetUnixFileMode(folder) & OthersWrite) != 0 ? $"chmod 700 '{folder}'"
            : null;
    }

    /// <summary>
    /// Without replacement a link, which fails if the name is taken: the framework's move looks first and renames then,
    /// so that of two writers at once the second would replace what the first has made.
    /// </summary>
    private static void Name(string fresh, string path, bool replace)
    {
        if (replace || OperatingSystem.IsWindows())
        {
            File.Move(fresh, path, replace);
            return;
        }

        if (Link(Terminated(fresh), Terminated(path)) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            throw new IOException($"'{path}' cannot be made: {Marshal.GetPInvokeErrorMessage(errno)}", errno);
        }

        File.Delete(fresh);
    }

    private static byte[] Terminated(string path) => [.. Encoding.UTF8.GetBytes(path), 0];

    /// <summary>A new name is durable only once its folder is; the framework has no call for it.</summary>
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(Terminated(folder), 0);
        if (descriptor < 0)
        {
            throw new IOException($"The folder '{folder}' cannot be opened.");
        }

        bool isFlushed = Flush(descriptor) == 0;
        bool isClosed = Close(descriptor) == 0;
        if (!isFlushed || !isClosed)
        {
            throw new IOException($"The folder '{folder}' cannot be flushed to the disk.");
        }
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    private static extern int Link(byte[] existing, byte[] added);

    [DllImport("libc", EntryPoint = "open")]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    private static extern int Flush(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
