namespace SigmaComms.Client;

/// <summary>What happened since the client was opened. Safe to call from any thread.</summary>
internal sealed class ClientCounters
{
    private long _sent;
    private long _accepted;
    private long _delivered;
    private long _received;
    private long _dropped;
    private long _connections;

    /// <summary>Messages sealed.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Messages that two nodes keep.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Messages that the peer has.</summary>
    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>Messages handed to the application.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Messages that could not be opened.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Links made.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>One more.</summary>
    public void CountSent() => Interlocked.Increment(ref _sent);

    /// <summary>One more.</summary>
    public void CountAccepted() => Interlocked.Increment(ref _accepted);

    /// <summary>One more.</summary>
    public void CountDelivered() => Interlocked.Increment(ref _delivered);

    /// <summary>One more.</summary>
    public void CountReceived() => Interlocked.Increment(ref _received);

    /// <summary>One more.</summary>
    public void CountDropped() => Interlocked.Increment(ref _dropped);

    /// <summary>One more.</summary>
    /// <returns>How many there are now.</returns>
    public long CountConnection() => Interlocked.Increment(ref _connections);
}
