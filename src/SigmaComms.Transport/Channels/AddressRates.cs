namespace SigmaComms.Transport.Channels;

/// <summary>A token bucket for every address that connects; an address that is quiet is forgotten.</summary>
/// <remarks>Safe to call from any thread.</remarks>
internal sealed class AddressRates(int perSecond, int burst, TimeProvider time)
{
    /// <summary>The most addresses that are remembered; above it, new ones share one bucket.</summary>
    public const int AddressesMax = 16_384;

    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, Bucket> _buckets = [];
    private long _sweptAt = time.GetTimestamp();

    /// <summary>Takes a token of the address.</summary>
    /// <param name="key">Its <see cref="AddressKey"/>.</param>
    /// <returns>False if it connects too often.</returns>
    public bool TryTake(UInt128 key)
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            Sweep(now);
            if (!_buckets.TryGetValue(key, out Bucket bucket))
            {
                key = _buckets.Count < AddressesMax ? key : UInt128.MaxValue;
                bucket = _buckets.GetValueOrDefault(key, new Bucket(burst, now));
            }

            bucket = Refilled(bucket, now);
            bool allowed = bucket.Tokens >= 1;
            _buckets[key] = allowed ? bucket with { Tokens = bucket.Tokens - 1 } : bucket;
            return allowed;
        }
    }

    private Bucket Refilled(Bucket bucket, long now)
    {
        double gained = time.GetElapsedTime(bucket.At, now).TotalSeconds * perSecond;
        return new Bucket(Math.Min(burst, bucket.Tokens + gained), now);
    }

    // Full buckets say nothing, so they go; once in the time that an empty one takes to fill.
    private void Sweep(long now)
    {
        if (time.GetElapsedTime(_sweptAt, now).TotalSeconds * perSecond < burst)
        {
            return;
        }

        _sweptAt = now;
        foreach (KeyValuePair<UInt128, Bucket> entry in _buckets)
        {
            if (Refilled(entry.Value, now).Tokens >= burst)
            {
                _buckets.Remove(entry.Key);
            }
        }
    }

    private readonly record struct Bucket(double Tokens, long At);
}
