namespace SigmaComms.Actors.Supervision;

/// <summary>Counts one actor's restarts within its supervisor's window, and how many came in a row.</summary>
internal sealed class RestartWindow
{
    private readonly Queue<long> _recent = new();
    private long _last;
    private int _inRow;

    /// <summary>Notes a restart. Returns false if it is one too many.</summary>
    public bool TryNote(SupervisorStrategy strategy, TimeProvider time)
    {
        long now = time.GetTimestamp();
        while (_recent.TryPeek(out long oldest) && time.GetElapsedTime(oldest, now) > strategy.Within)
        {
            _recent.Dequeue();
        }

        if (strategy.MaxRetries >= 0 && _recent.Count >= strategy.MaxRetries)
        {
            return false;
        }

        if (strategy.MaxRetries >= 0)
        {
            _recent.Enqueue(now);
        }

        bool quiet = strategy.Backoff is { } backoff && time.GetElapsedTime(_last, now) > backoff.ResetAfter;
        _inRow = _last == 0 || quiet ? 1 : _inRow + 1;
        _last = now;
        return true;
    }

    /// <summary>How long to wait before the restart that was noted last.</summary>
    public TimeSpan Delay(SupervisorStrategy strategy, double fraction) =>
        strategy.Backoff is { } backoff ? backoff.Delay(_inRow, fraction) : TimeSpan.Zero;
}
