namespace SigmaComms.Cluster.Membership;

/// <summary>
/// Learns how regularly a peer's heartbeats come and says when one is overdue. Pure: time is an argument.
/// </summary>
/// <remarks>
/// The limit is twice the mean gap plus eight mean deviations (after Jacobson's estimator for TCP), within bounds.
/// </remarks>
internal sealed class ArrivalDetector
{
    private const double Gain = 0.125;

    private readonly TimeSpan _min;
    private readonly TimeSpan _max;
    private double _meanTicks;
    private double _deviationTicks;
    private TimeSpan _last;

    /// <summary>Starts the first wait.</summary>
    /// <param name="expected">The interval at which the peer means to send.</param>
    /// <param name="min">The shortest limit.</param>
    /// <param name="max">The longest limit.</param>
    /// <param name="now">The present time.</param>
    public ArrivalDetector(TimeSpan expected, TimeSpan min, TimeSpan max, TimeSpan now)
    {
        _min = min;
        _max = max;
        _meanTicks = expected.Ticks;
        _deviationTicks = expected.Ticks / 4.0;
        _last = now;
    }

    /// <summary>How long a heartbeat may stay away at the moment.</summary>
    public TimeSpan Limit
    {
        get
        {
            double ticks = (2 * _meanTicks) + (8 * _deviationTicks);
            return TimeSpan.FromTicks((long)Math.Clamp(ticks, _min.Ticks, _max.Ticks));
        }
    }

    /// <summary>When the peer was last heard.</summary>
    public TimeSpan LastHeard => _last;

    /// <summary>A heartbeat came.</summary>
    /// <param name="now">The present time.</param>
    public void Arrived(TimeSpan now)
    {
        double gap = Math.Max(0, (now - _last).Ticks);
        double error = gap - _meanTicks;
        _meanTicks += Gain * error;
        _deviationTicks += Gain * (Math.Abs(error) - _deviationTicks);
        _last = now;
    }

    /// <summary>Begins the wait anew without learning from it: this node itself stood still.</summary>
    /// <param name="now">The present time.</param>
    public void Forgive(TimeSpan now) => _last = now;

    /// <summary>Whether the next heartbeat is overdue.</summary>
    /// <param name="now">The present time.</param>
    public bool IsLate(TimeSpan now) => now - _last > Limit;
}
