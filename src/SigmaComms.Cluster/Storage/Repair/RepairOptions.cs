namespace SigmaComms.Cluster.Storage.Repair;

/// <summary>How a storage node repairs, moves, checks and clears fragments.</summary>
public sealed class RepairOptions
{
    /// <summary>
    /// How long a node may be away, from the moment it is suspected, before what it holds is rebuilt elsewhere: 1 s to
    /// 7 days. Default: 60 s.
    /// </summary>
    public TimeSpan DownGrace { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How often all fragments are gone through although nothing happened: 1 minute to 30 days. Default: 1 hour.
    /// </summary>
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long after a failure it is tried again, then ever longer up to 10 minutes: 1 s to 1 hour. Default: 5 s.
    /// </summary>
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one node may take to answer: 0.1 s to 10 minutes. Default: 15 s.</summary>
    public TimeSpan AnswerLimit { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Bytes that repair and rebalance together fetch and send in a second: 64 KiB to 16 GiB. Default: 64 MiB.
    /// </summary>
    public long BytesPerSecond { get; set; } = 64L << 20;

    /// <summary>Stripes that are rebuilt at once: 1 to 64. Default: 4.</summary>
    public int StripesAtOnce { get; set; } = 4;

    /// <summary>
    /// How long the storage nodes must have stayed the same before a superfluous copy is deleted: 10 s to 1 day. Half
    /// of it is the longest time between the look that allows it and the deletion. Default: 60 s.
    /// </summary>
    public TimeSpan SettleTime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often fragments are looked for that may go: 1 s to 1 day. Default: 10 minutes.</summary>
    public TimeSpan CollectInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How old a stripe that no entry of the log has added must be before it is reclaimed: 1 to 30 days. Default: 24
    /// hours. Clients add stripes within half of it, or not at all.
    /// </summary>
    public TimeSpan StagedAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How often every byte is read and compared: 1 hour to 365 days. Default: 7 days.</summary>
    public TimeSpan ScrubInterval { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Bytes that the scrub reads in a second: 64 KiB to 16 GiB. Default: 8 MiB, that is 4.6 TiB in seven days.
    /// </summary>
    public long ScrubBytesPerSecond { get; set; } = 8L << 20;

    /// <summary>Names the first value that is out of its range.</summary>
    /// <returns>Null if there is none.</returns>
    public string? FindFault() =>
        FaultOf(DownGrace, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7), nameof(DownGrace))
        ?? FaultOf(CheckInterval, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30), nameof(CheckInterval))
        ?? FaultOf(RetryInterval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), nameof(RetryInterval))
        ?? FaultOf(AnswerLimit, TimeSpan.FromSeconds(0.1), TimeSpan.FromMinutes(10), nameof(AnswerLimit))
        ?? FaultOf(SettleTime, TimeSpan.FromSeconds(10), TimeSpan.FromDays(1), nameof(SettleTime))
        ?? FaultOf(CollectInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), nameof(CollectInterval))
        ?? FaultOf(StagedAge, TimeSpan.FromDays(1), TimeSpan.FromDays(30), nameof(StagedAge))
        ?? FaultOf(ScrubInterval, TimeSpan.FromHours(1), TimeSpan.FromDays(365), nameof(ScrubInterval))
        ?? (BytesPerSecond is < 64L << 10 or > 16L << 30 ? "BytesPerSecond must be 64 KiB to 16 GiB" : null)
        ?? (ScrubBytesPerSecond is < 64L << 10 or > 16L << 30 ? "ScrubBytesPerSecond must be 64 KiB to 16 GiB" : null)
        ?? (StripesAtOnce is < 1 or > 64 ? "StripesAtOnce must be 1 to 64" : null);

    private static string? FaultOf(TimeSpan value, TimeSpan min, TimeSpan max, string name) =>
        value < min || value > max ? $"{name} must be {min} to {max}, is {value}" : null;
}
