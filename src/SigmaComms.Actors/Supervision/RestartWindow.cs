namespace SigmaComms.Actors.Supervision;

/// <summary>Counts restarts within a supervisor's window, and how many came in a row.</summary>
internal sealed class RestartWindow
{
    private readonly Queue<long> _recent = new();
    private long? _last;
    private TimeSpan _lastDelay;
    private int _inRow;

    /// <summary>Notes a restart. Returns false if it is one too many.</summary>
    public bool TryNote(SupervisorStrategy strategy, TimeProvider time)
    {
        long now = time.GetTimestamp();
        bool forgets = strategy.Within != Timeout.InfiniteTimeSpan;
        while (forgets && _recent.TryPeek(out long oldest) && time.GetElapsedTime(oldest, now) > strategy.Within)
        {
            _recent.Dequeue();
        }

        if (strategy.MaxRetries >= 0)
        {
            if (_recent.Count >= strategy.MaxRetries)
            {
                return false;
            }

            _recent.Enqueue(now);
        }

        // The wait itself is no time without failure, or a long wait would reset the next one.
        bool quiet = _last is { } last && strategy.Backoff is { } backoff
            && time.GetElapsedTime(last, now) - _lastDelay > backoff.ResetAfter;
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
}
