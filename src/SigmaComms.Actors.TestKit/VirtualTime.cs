namespace SigmaComms.Actors.TestKit;

/// <summary>A clock that stands still until a test moves it. Timers fire in the order of their times.</summary>
/// <remarks>Safe to call from any thread; callbacks run on the thread that advances.</remarks>
public sealed class VirtualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly SortedSet<VirtualTimer> _timers = new(VirtualTimer.ByDueTime);
    private readonly DateTimeOffset _start;
    private long _elapsedTicks;
    private long _lastOrder;

    /// <summary>A clock that shows the given moment.</summary>
    /// <param name="start">The moment, or null for the first of January 2030, UTC.</param>
    public VirtualTime(DateTimeOffset? start = null) =>
        _start = start ?? new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Time until the next timer fires, or null if none is set.</summary>
    public TimeSpan? UntilNext
    {
        get
        {
            lock (_gate)
            {
                return _timers.Min is { } next ? TimeSpan.FromTicks(Math.Max(0, next.DueTicks - _elapsedTicks)) : null;
            }
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => Volatile.Read(ref _elapsedTicks);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start.AddTicks(GetTimestamp());

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        VirtualTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock and fires what becomes due, each timer at its own time.</summary>
    /// <param name="by">How far, at least zero.</param>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        long target = GetTimestamp() + by.Ticks;
        while (TakeDue(target) is { } timer)
        {
            timer.Fire();
        }

        lock (_gate)
        {
            _elapsedTicks = Math.Max(_elapsedTicks, target);
        }
    }

    internal void Set(VirtualTimer timer, TimeSpan dueTime)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                timer.DueTicks = _elapsedTicks + dueTime.Ticks;
                timer.Order = ++_lastOrder;
                _timers.Add(timer);
            }
        }
    }

    private VirtualTimer? TakeDue(long target)
    {
        lock (_gate)
        {
            if (_timers.Min is not { } next || next.DueTicks > target)
            {
                return null;
            }

            _timers.Remove(next);
            _elapsedTicks = Math.Max(_elapsedTicks, next.DueTicks);
            return next;
        }
    }
}
