using System.Runtime.InteropServices;
using System.Text;

namespace SigmaComms.Cluster.Disks;

/// <summary>Makes the names in a folder durable: a flushed file can still be missing after a power loss.</summary>
internal static class DurableFolder
{
    /// <summary>Writes the folder to the disk.</summary>
    /// <exception cref="IOException">The world failed.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open([.. Encoding.UTF8.GetBytes(folder), 0], 0);
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

    [DllImport("libc", EntryPoint = "open")]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    private static extern int Flush(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
