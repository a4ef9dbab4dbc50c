namespace SigmaComms.Vault.Scatter;

/// <summary>How one storage node has been doing: a circuit breaker, and the latency of its last answers.</summary>
/// <remarks>Five failures within 60 s open the breaker; after 30 s one trial at a time may close it.</remarks>
internal sealed class NodeCondition(TimeProvider time)
{
    private const int FailuresMax = 5;
    private const int SamplesMax = 64;

    private static readonly TimeSpan FailureWindow = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan OpenTime = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Queue<long> _failures = [];
    private readonly long[] _samples = new long[SamplesMax];
    private int _samplesCount;
    private int _sampleNext;
    private long? _openedAt;
    private bool _onTrial;

    /// <summary>Whether the node may be asked now; asking is followed by <see cref="Report"/>.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (_openedAt is not long openedAt)
            {
                return true;
            }

            if (_onTrial || time.GetElapsedTime(openedAt) < OpenTime)
            {
                return false;
            }

            _onTrial = true;
            return true;
        }
    }

    /// <summary>The median of the last latencies; zero of a node that was never asked, so that it is tried.</summary>
    public TimeSpan Median => Quantile(50);

    /// <summary>Some percentile of the last latencies.</summary>
    public TimeSpan Quantile(int percent)
    {
        lock (_gate)
        {
            if (_samplesCount == 0)
            {
                return TimeSpan.Zero;
            }

            long[] sorted = _samples[.._samplesCount];
            Array.Sort(sorted);
            return TimeSpan.FromTicks(sorted[(_samplesCount - 1) * percent / 100]);
        }
    }

    /// <summary>Tells how asking went.</summary>
    /// <param name="answered">Whether the node answered, whatever it said.</param>
    /// <param name="latency">How long a read took; null if it was none.</param>
    public void Report(bool answered, TimeSpan? latency)
    {
        lock (_gate)
        {
            _onTrial = false;
            if (answered)
            {
                Close();
                Sample(latency);
                return;
            }

            long now = time.GetTimestamp();
            while (_failures.TryPeek(out long oldest) && time.GetElapsedTime(oldest, now) > FailureWindow)
            {
                _failures.Dequeue();
            }

            _failures.Enqueue(now);
            if (_openedAt is not null || _failures.Count >= FailuresMax)
            {
                _openedAt = now;
            }

            while (_failures.Count > FailuresMax)
            {
                _failures.Dequeue();
            }
        }
    }

    /// <summary>Takes back having entered, when asking was given up because others were quicker.</summary>
    /// <param name="atLeast">How long a read had taken; null if it was none. Counts if it is above the median.</param>
    public void Withdraw(TimeSpan? atLeast)
    {
        lock (_gate)
        {
            _onTrial = false;
            if (atLeast > Quantile(50))
            {
                Sample(atLeast);
            }
        }
    }

    private void Close()
    {
        if (_openedAt is not null)
        {
            _openedAt = null;
            _failures.Clear();
        }
    }

    private void Sample(TimeSpan? latency)
    {
        if (latency is TimeSpan taken)
        {
            _samples[_sampleNext] = taken.Ticks;
            _sampleNext = (_sampleNext + 1) % SamplesMax;
            _samplesCount = Math.Min(SamplesMax, _samplesCount + 1);
        }
    }
}
