namespace SigmaComms.Cluster.Storage.Volumes;

/// <summary>
/// Says which failures of a disk open its breaker: the fifth within a minute, and then each until a call succeeded.
/// </summary>
/// <remarks>Safe to call from any thread.</remarks>
internal sealed class FailureCount(TimeProvider time)
{
    /// <summary>So many failures within <see cref="Window"/> open the breaker.</summary>
    public const int FailuresMax = 5;

    /// <summary>How long a failure counts.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly Queue<long> _failures = new();
    private bool _isTripped;

    /// <summary>Notes a failure.</summary>
    /// <returns>Whether the breaker opens.</returns>
    public bool Fail()
    {
        lock (_gate)
        {
            _failures.Enqueue(time.GetTimestamp());
            while (_failures.Count > FailuresMax || time.GetElapsedTime(_failures.Peek()) > Window)
            {
                _failures.Dequeue();
            }

            _isTripped |= _failures.Count == FailuresMax;
            return _isTripped;
        }
    }

    /// <summary>Notes that a call succeeded: if the breaker had opened, all is well again.</summary>
    public void Succeed()
    {
        if (!Volatile.Read(ref _isTripped))
        {
            return;
        }

        lock (_gate)
        {
            _isTripped = false;
            _failures.Clear();
        }
    }
}
