namespace SigmaComms.Actors.Scheduling;

/// <summary>The keyed timers of one actor. A generation number makes a late arrival of an old timer harmless.</summary>
internal sealed class ActorTimers(ActorCell owner) : ITimerScheduler
{
    private readonly Dictionary<object, Entry> _entries = [];
    private long _generation;

    public void StartSingle(object key, object message, TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        Start(key, message, delay, periodic: false);
    }

    public void StartPeriodic(object key, object message, TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        Start(key, message, interval, periodic: true);
    }

    public void Cancel(object key)
    {
        if (_entries.Remove(key, out Entry? entry))
        {
            entry.Timer.Dispose();
        }
    }

    public bool IsActive(object key) => _entries.ContainsKey(key);

    public void CancelAll()
    {
        foreach (Entry entry in _entries.Values)
        {
            entry.Timer.Dispose();
        }

        _entries.Clear();
    }

    /// <summary>The message of an arrival, or null if its timer was cancelled or replaced meanwhile.</summary>
    public object? Accept(TimerFired fired)
    {
        if (!_entries.TryGetValue(fired.Key, out Entry? entry) || entry.Fired.Generation != fired.Generation)
        {
            return null;
        }

        if (entry.Interval is null)
        {
            Cancel(fired.Key);
        }

        return entry.Message;
    }

    /// <summary>Counts the next interval of a periodic timer from the end of its handling.</summary>
    public void Rearm(TimerFired fired)
    {
        if (_entries.TryGetValue(fired.Key, out Entry? entry) && entry.Fired.Generation == fired.Generation
            && entry.Interval is { } interval)
        {
            entry.Timer.Change(interval, Timeout.InfiniteTimeSpan);
        }
    }

    private void Start(object key, object message, TimeSpan delay, bool periodic)
    {
        Cancel(key);
        TimerFired fired = new(this, key, ++_generation);
        ITimer timer = owner.System.Time.CreateTimer(
            _ => owner.PostReserved(fired, owner), null, delay, Timeout.InfiniteTimeSpan);
        _entries[key] = new Entry(fired, message, periodic ? delay : null, timer);
    }

    private sealed record Entry(TimerFired Fired, object Message, TimeSpan? Interval, ITimer Timer);
}
