namespace SigmaComms.Cluster.Disks;

/// <summary>There is no room on the disk, or the user may have no more of it: nothing is wrong with the disk.</summary>
internal sealed class DiskFullException(string message, Exception? inner = null) : IOException(message, inner)
{
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Whether the operating system means by this number that there is no room.</summary>
    public static bool IsMeantBy(int error) => error is NoSpace or QuotaExceeded or WindowsDiskFull;
}
