namespace SigmaComms.Cluster.Tests.Control.Disks;

/// <summary>How often a faulty disk fails by itself: once in so many operations; 0 for never.</summary>
internal sealed record FaultRates
{
    public int WriteErrorOneIn { get; init; }

    public int SyncErrorOneIn { get; init; }

    public int NoSpaceOneIn { get; init; }

    public int MisdirectOneIn { get; init; }

    public int LoseOneIn { get; init; }

    public int ReadErrorOneIn { get; init; }

    public int SlowOneIn { get; init; }

    /// <summary>How long a slow operation takes; see <see cref="FaultyDisk.Busy"/>.</summary>
    public TimeSpan SlowFor { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long every sync takes.</summary>
    public TimeSpan SyncFor { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Draws what happens to an operation.</summary>
    public DiskFault Draw(Random random, DiskOperation operation) => operation switch
    {
        DiskOperation.Write when Hits(random, WriteErrorOneIn) => DiskFault.Error,
        DiskOperation.Write when Hits(random, MisdirectOneIn) => DiskFault.Misdirect,
        DiskOperation.Write when Hits(random, LoseOneIn) => DiskFault.Lose,
        DiskOperation.Write or DiskOperation.Create when Hits(random, NoSpaceOneIn) => DiskFault.NoSpace,
        DiskOperation.Sync when Hits(random, SyncErrorOneIn) => DiskFault.Error,
        DiskOperation.Read when Hits(random, ReadErrorOneIn) => DiskFault.Error,
        _ when Hits(random, SlowOneIn) => DiskFault.Slow,
        _ => DiskFault.None,
    };

    private static bool Hits(Random random, int oneIn) => oneIn > 0 && random.Next(oneIn) == 0;
}
