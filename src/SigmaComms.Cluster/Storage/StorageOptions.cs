namespace SigmaComms.Cluster.Storage;

/// <summary>How a node keeps fragments of vaults; checked when it starts.</summary>
/// <remarks>Nothing is written before the first fragment comes.</remarks>
public sealed class StorageOptions
{
    /// <summary>The folder inside of the data directory.</summary>
    internal const string FolderName = "storage";

    /// <summary>Bytes of a volume, 16 MiB to 64 GiB, whole blocks of 4 KiB. Default 1 GiB.</summary>
    public long VolumeBytes { get; set; } = 1L << 30;

    /// <summary>
    /// Bytes of all volumes together; 0: this node keeps no fragments. Default null: what the disk has, less
    /// <see cref="ReserveBytes"/>.
    /// </summary>
    public long? CapacityBytes { get; set; }

    /// <summary>Bytes of the disk that volumes leave free, at least 0. Default 4 GiB.</summary>
    public long ReserveBytes { get; set; } = 4L << 30;

    /// <summary>
    /// Longest wait for more fragments after a commit that served several, 0 to 100 ms. Default 2 ms. One that comes
    /// alone never waits.
    /// </summary>
    public TimeSpan CommitDelay { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Bytes of slots after which a commit waits for no more, 64 KiB to 64 MiB. Default 4 MiB.</summary>
    public int CommitBytes { get; set; } = 4 << 20;

    /// <summary>Bytes of fragments that wait to be written at most, 16 MiB to 4 GiB. Default 64 MiB.</summary>
    public long WaitingBytesMax { get; set; } = 64L << 20;

    /// <summary>Threads that wait for the disk, 1 to 64. Default 4.</summary>
    public int DiskThreads { get; set; } = 4;

    /// <summary>After so long a call of the disk counts as failed, 100 ms to 10 minutes. Default 20 s.</summary>
    public TimeSpan DiskTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Bytes a second with which volumes are filled with random bytes in the background, 1 MiB to 16 GiB.
    /// Default 64 MiB.
    /// </summary>
    public long FillBytesPerSecond { get; set; } = 64L << 20;

    /// <summary>The smallest volume; tests have smaller ones.</summary>
    internal long VolumeBytesMin { get; set; } = Volumes.VolumeLayout.SizeMinBytes;

    /// <summary>Throws if a value is out of its range.</summary>
    internal void Validate()
    {
        Require(
            VolumeBytes >= VolumeBytesMin && VolumeBytes <= 64L << 30
                && VolumeBytes % Volumes.VolumeLayout.BlockSize == 0,
            "Storage.VolumeBytes must be 16 MiB to 64 GiB in whole blocks of 4 KiB");
        Require(
            CapacityBytes is not { } capacity || capacity == 0 || capacity >= VolumeBytesMin,
            "Storage.CapacityBytes must be 0 or at least 16 MiB");
        Require(ReserveBytes >= 0, "Storage.ReserveBytes must not be negative");
        Require(
            CommitDelay >= TimeSpan.Zero && CommitDelay <= TimeSpan.FromMilliseconds(100),
            "Storage.CommitDelay must be 0 to 100 ms");
        Require(CommitBytes is >= 64 << 10 and <= 64 << 20, "Storage.CommitBytes must be 64 KiB to 64 MiB");
        Require(
            WaitingBytesMax is >= 16L << 20 and <= 4L << 30, "Storage.WaitingBytesMax must be 16 MiB to 4 GiB");
        Require(DiskThreads is >= 1 and <= 64, "Storage.DiskThreads must be 1 to 64");
        Require(
            DiskTimeout >= TimeSpan.FromMilliseconds(100) && DiskTimeout <= TimeSpan.FromMinutes(10),
            "Storage.DiskTimeout must be 100 ms to 10 minutes");
        Require(
            FillBytesPerSecond is >= 1L << 20 and <= 16L << 30,
            "Storage.FillBytesPerSecond must be 1 MiB to 16 GiB");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ClusterException(ClusterFailure.InvalidOptions, message);
        }
    }
}
