namespace SigmaComms.Actors.Health;

/// <summary>What one actor's cell remembers of its life for the snapshots.</summary>
internal sealed class HealthRecord(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);
    private const int FailuresMax = 1024;

    private readonly Lock _gate = new();
    private readonly Queue<long> _failures = new();
    private string? _lastError;
    private DateTimeOffset? _lastErrorAt;

    /// <summary>Messages handled; only the actor's turn writes it.</summary>
    public long Processed { get; set; }

    /// <summary>Restarts; only the actor's turn writes it.</summary>
    public int Restarts { get; set; }

    /// <summary>Longest time on a thread in milliseconds; only the actor's turn writes it.</summary>
    public long LongestMilliseconds { get; set; }

    public void NoteFailure(Exception cause)
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

    public (int InWindow, string? LastError, DateTimeOffset? At) Failures()
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
