namespace SigmaComms.Actors.Scheduling;

/// <summary>
/// The time-outs of all asks of a system. Most programs use few different ones, so each has a lane with one timer; an
/// ask costs no timer of its own.
/// </summary>
internal sealed class AskClock(TimeProvider time)
{
    private const int LanesMax = 32;

    private readonly Lock _gate = new();
    private AskLane[] _lanes = [];

    public void Add(AskPromise ask, TimeSpan timeout)
    {
        (Find(timeout) ?? Open(timeout)).Add(ask);
    }

    private AskLane? Find(TimeSpan timeout)
    {
        foreach (AskLane lane in Volatile.Read(ref _lanes))
        {
            if (lane.Timeout == timeout)
            {
                return lane;
            }
        }

        return null;
    }

    private AskLane Open(TimeSpan timeout)
    {
        lock (_gate)
        {
            if (Find(timeout) is { } known)
            {
                return known;
            }

            // Beyond the limit a lane serves this ask alone and goes with it.
            AskLane lane = new(time, timeout);
            if (_lanes.Length < LanesMax)
            {
                _lanes = [.. _lanes, lane];
            }

            return lane;
        }
    }
}
