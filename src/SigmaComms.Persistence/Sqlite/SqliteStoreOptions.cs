namespace SigmaComms.Persistence.Sqlite;

/// <summary>How a <see cref="SqliteStore"/> works. Checked when the store is opened.</summary>
public sealed class SqliteStoreOptions
{
    /// <summary>The database file; made, with its folder, if it is not there.</summary>
    public required string Path { get; set; }

    /// <summary>Stamps the events. Default: the system's clock.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Most events of one commit, 1 to 100,000. Default 1,000.</summary>
    public int MaxBatchEvents { get; set; } = 1_000;

    /// <summary>Most payload bytes of one commit, 1 KiB to 64 MiB. Default 1 MiB.</summary>
    public int MaxBatchBytes { get; set; } = 1 << 20;

    /// <summary>
    /// Longest wait for more writes after a commit that served several, 0 to 100 ms. Default 2 ms. A write that
    /// comes alone never waits.
    /// </summary>
    public TimeSpan MaxBatchDelay { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>
    /// Whether deleted content is overwritten with zeros in the file. Default false. The write-ahead log and the
    /// medium below the file system may keep older copies for a while.
    /// </summary>
    public bool EraseDeleted { get; set; }

    /// <summary>
    /// Longest wait for a lock that another program has on the file, 0 to 60 s. Default 2 s. All writes wait with it.
    /// </summary>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Most pages of 4 KiB the file may have; 0: as many as fit the volume.</summary>
    internal int PagesMax { get; set; }

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Path);
        ArgumentNullException.ThrowIfNull(Time);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBatchEvents, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxBatchEvents, 100_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBatchBytes, 1 << 10);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxBatchBytes, 64 << 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBatchDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxBatchDelay, TimeSpan.FromMilliseconds(100));
        ArgumentOutOfRangeException.ThrowIfLessThan(LockTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(LockTimeout, TimeSpan.FromSeconds(60));
    }
}
