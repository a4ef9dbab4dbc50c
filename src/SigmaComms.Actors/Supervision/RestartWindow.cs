namespace SigmaComms.Actors.Supervision;

/// <summary>Counts restarts within a supervisor's window, and how many came in a row.</summary>
internal sealed class RestartWindow
{
    private readonly Queue<long> _recent = new();
    private long? _last;
    private TimeSpan _lastDelay;
    private int _inRow;

    /// <summary>Restarts since the waits last began anew, or would now.</summary>
    public int InRow(Backoff backoff, TimeProvider time) => IsQuiet(backoff, time, time.GetTimestamp()) ? 0 : _inRow;

    /// <summary>The next restart is the first one.</summary>
    public void Forget()
    {
        _recent.Clear();
        _last = null;
        _lastDelay = TimeSpan.Zero;
        _inRow = 0;
    }

    /// <summary>Notes a restart. Returns false if it is one too many.</summary>
    public bool TryNote(SupervisorStrategy strategy, TimeProvider time, bool counts)
    {
        long now = time.GetTimestamp();
        bool forgets = strategy.Within != Timeout.InfiniteTimeSpan;
        while (forgets && _recent.TryPeek(out long oldest) && time.GetElapsedTime(oldest, now) > strategy.Within)
        {
            _recent.Dequeue();
        }

        if (strategy.MaxRetries >= 0 && counts)
        {
            if (_recent.Count >= strategy.MaxRetries)
            {
                return false;
            }

            _recent.Enqueue(now);
        }

        bool quiet = strategy.Backoff is { } backoff && IsQuiet(backoff, time, now);
        _inRow = quiet ? 1 : Math.Min(_inRow + 1, int.MaxValue - 1);
        _last = now;
        return true;
    }

    /// <summary>How long to wait before the restart that was noted last.</summary>
    public TimeSpan Delay(SupervisorStrategy strategy, double fraction)
    {
        _lastDelay = strategy.Backoff is { } backoff ? backoff.Delay(_inRow, fraction) : TimeSpan.Zero;
        return _lastDelay;
    }

    // The wait itself is no time without failure, or a long wait would reset the next one.
    private bool IsQuiet(Backoff backoff, TimeProvider time, long now) =>
        _last is { } last && time.GetElapsedTime(last, now) - _lastDelay > backoff.ResetAfter;
}
