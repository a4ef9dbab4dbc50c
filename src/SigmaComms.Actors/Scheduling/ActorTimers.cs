namespace SigmaComms.Actors.Scheduling;

/// <summary>The keyed timers of one actor. An arrival counts only if its timer still stands under its key.</summary>
/// <remarks>The gate is for handlers that were left behind: they may still run while the actor ends.</remarks>
internal sealed class ActorTimers(ActorContext owner) : ITimerScheduler
{
    private readonly Dictionary<object, ActorTimer> _timers = [];
    private readonly Lock _gate = new();
    private bool _closed;

    public void StartSingle(object key, object message, TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        Start(key, message, delay, interval: TimeSpan.Zero);
    }

    public void StartPeriodic(object key, object message, TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        Start(key, message, interval, interval);
    }

    public void Cancel(object key)
    {
        lock (_gate)
        {
            if (_timers.Remove(key, out ActorTimer? timer))
            {
                timer.Dispose();
            }
        }
    }

    public bool IsActive(object key)
    {
        lock (_gate)
        {
            return _timers.ContainsKey(key);
        }
    }

    /// <summary>Ends all timers; no other can be started.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (ActorTimer timer in _timers.Values)
            {
                timer.Dispose();
            }

            _timers.Clear();
        }
    }

    /// <summary>The message of an arrival, or null if its timer was cancelled or replaced meanwhile.</summary>
    public object? Accept(ActorTimer timer)
    {
        lock (_gate)
        {
            if (!IsCurrent(timer))
            {
                return null;
            }

            if (timer.Interval == TimeSpan.Zero)
            {
                _timers.Remove(timer.Key);
                timer.Dispose();
            }

            return timer.Message;
        }
    }

    /// <summary>Counts the next interval of a periodic timer from the end of its handling.</summary>
    public void Rearm(ActorTimer timer)
    {
        lock (_gate)
        {
            if (timer.Interval > TimeSpan.Zero && IsCurrent(timer))
            {
                timer.Arm(timer.Interval);
            }
        }
    }

    private bool IsCurrent(ActorTimer timer) =>
        _timers.TryGetValue(timer.Key, out ActorTimer? current) && ReferenceEquals(current, timer);

    private void Start(object key, object message, TimeSpan delay, TimeSpan interval)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(message);
        owner.RequireInstance();
        Cancel(key);
        ActorTimer timer = new(owner.Cell, key, message, interval);
        lock (_gate)
        {
            if (!_closed)
            {
                _timers[key] = timer;
                timer.Arm(delay);
            }
        }
    }
}
