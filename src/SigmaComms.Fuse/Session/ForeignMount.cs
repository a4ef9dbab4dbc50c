namespace SigmaComms.Fuse.Session;

/// <summary>A mount that another process serves, or served.</summary>
public static class ForeignMount
{
    /// <summary>Unmounts. Waits until the kernel has written what it holds.</summary>
    /// <param name="directory">Where it is mounted.</param>
    /// <exception cref="FuseMountException">In use, or not mounted.</exception>
    public static void Unmount(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        Unmounter.Unmount(directory);
    }

    /// <summary>Takes a mount out of sight; those who use it go on.</summary>
    /// <param name="directory">Where it is mounted.</param>
    /// <exception cref="FuseMountException">Not mounted.</exception>
    public static void Detach(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        Unmounter.Detach(directory);
    }
}
