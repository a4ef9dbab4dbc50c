namespace SigmaComms.Cluster.Clients;

/// <summary>
/// What one sender may still do now: three buckets, of messages, of their bytes and of bytes of fragments, that fill at
/// their rates up to their bursts. Pure: time is an argument. Belongs to whoever holds its lock.
/// </summary>
internal sealed class SenderBudget(ClusterNodeOptions options, TimeSpan now)
{
    private double _messages = options.SenderMessagesBurst;
    private double _bytes = options.SenderBytesBurst;
    private double _fragments = options.FragmentBytesBurst;
    private TimeSpan _filledAt = now;

    /// <summary>Takes what a request costs, or nothing.</summary>
    /// <param name="messages">Messages.</param>
    /// <param name="bytes">Bytes.</param>
    /// <param name="fragments">Bytes of fragments.</param>
    /// <param name="at">The present time, on the monotonic clock.</param>
    /// <returns>Zero if it was taken; else how long to wait until it can be.</returns>
    public TimeSpan Take(int messages, long bytes, long fragments, TimeSpan at)
    {
        Fill(at);
        double waitSeconds = Math.Max(
            (fragments - _fragments) / options.FragmentBytesPerSecond,
            Math.Max(
                (messages - _messages) / options.SenderMessagesPerSecond,
                (bytes - _bytes) / options.SenderBytesPerSecond));
        if (waitSeconds > 0)
        {
            return TimeSpan.FromSeconds(waitSeconds);
        }

        _messages -= messages;
        _bytes -= bytes;
        _fragments -= fragments;
        return TimeSpan.Zero;
    }

    private void Fill(TimeSpan at)
    {
        double seconds = Math.Max(0, (at - _filledAt).TotalSeconds);
        _filledAt = at;
        _messages = Math.Min(options.SenderMessagesBurst, _messages + (seconds * options.SenderMessagesPerSecond));
        _bytes = Math.Min(options.SenderBytesBurst, _bytes + (seconds * options.SenderBytesPerSecond));
        _fragments = Math.Min(options.FragmentBytesBurst, _fragments + (seconds * options.FragmentBytesPerSecond));
    }
}
