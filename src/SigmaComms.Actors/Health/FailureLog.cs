namespace SigmaComms.Actors.Health;

/// <summary>The failures of one actor that its snapshots show. Safe to call from any thread.</summary>
internal sealed class FailureLog(TimeProvider time)
{
    private const int FailuresMax = 1024;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Queue<long> _failures = new();
    private string? _lastError;
    private DateTimeOffset? _lastErrorAt;

    public void Note(Exception cause)
    {
        lock (_gate)
        {
            if (_failures.Count == FailuresMax)
            {
                _failures.Dequeue();
            }

            _failures.Enqueue(time.GetTimestamp());
            _lastError = $"{cause.GetType().Name}: {cause.Message}";
            _lastErrorAt = time.GetUtcNow();
        }
    }

    public (int InWindow, string? LastError, DateTimeOffset? At) Read()
    {
        lock (_gate)
        {
            while (_failures.TryPeek(out long oldest) && time.GetElapsedTime(oldest) > Window)
            {
                _failures.Dequeue();
            }

            return (_failures.Count, _lastError, _lastErrorAt);
        }
    }
}
