namespace SigmaComms.Cluster.Membership;

/// <summary>Notices that this process itself stood still, so that it accuses nobody for it. Pure.</summary>
internal sealed class PauseWatch
{
    private readonly TimeSpan _tolerated;
    private TimeSpan _last;

    /// <summary>Starts.</summary>
    /// <param name="tolerated">The longest gap between two ticks that is no pause.</param>
    /// <param name="now">The present time.</param>
    public PauseWatch(TimeSpan tolerated, TimeSpan now)
    {
        _tolerated = tolerated;
        _last = now;
    }

    /// <summary>Call at every tick. Returns how long the process stood still, or zero.</summary>
    /// <param name="now">The present time.</param>
    public TimeSpan Tick(TimeSpan now)
    {
        TimeSpan gap = now - _last;
        _last = now;
        return gap > _tolerated ? gap : TimeSpan.Zero;
    }
}
