namespace SigmaComms.Actors.TestKit;

/// <summary>A timer of a <see cref="VirtualTime"/>.</summary>
internal sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state) : ITimer
{
    private TimeSpan _period;

    public static IComparer<VirtualTimer> ByDueTime { get; } = Comparer<VirtualTimer>.Create(
        (left, right) => left.DueTicks != right.DueTicks
            ? left.DueTicks.CompareTo(right.DueTicks)
            : left.Order.CompareTo(right.Order));

    public long DueTicks { get; set; }

    public long Order { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        _period = period;
        time.Set(this, dueTime);
        return true;
    }

    public void Dispose() => time.Set(this, Timeout.InfiniteTimeSpan);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    public void Fire()
    {
        if (_period > TimeSpan.Zero)
        {
            time.Set(this, _period);
        }

        callback(state);
    }
}
