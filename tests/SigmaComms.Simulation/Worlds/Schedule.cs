namespace SigmaComms.Simulation.Worlds;

/// <summary>The one clock and all that is to happen, in the order of time and then of being planned.</summary>
internal sealed class Schedule
{
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private long _order;

    /// <summary>True time since the run began.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>How many events happened.</summary>
    public long Steps { get; private set; }

    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    public void At(TimeSpan time, Action action) =>
        _events.Enqueue(action, (Math.Max(time.Ticks, Now.Ticks), _order++));

    /// <summary>Runs until a time, or until a condition holds.</summary>
    /// <returns>Whether the condition held.</returns>
    public bool RunUntil(TimeSpan end, Func<bool>? condition = null)
    {
        while (condition is null || !condition())
        {
            if (!_events.TryPeek(out _, out (long At, long Order) next) || next.At > end.Ticks)
            {
                Now = end;
                return condition?.Invoke() ?? false;
            }

            Action action = _events.Dequeue();
            Now = TimeSpan.FromTicks(next.At);
            Steps++;
            action();
        }

        return true;
    }
}
