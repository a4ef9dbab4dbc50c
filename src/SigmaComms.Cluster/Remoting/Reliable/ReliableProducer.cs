using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Remoting.Reliable;

/// <summary>
/// The sending side of a reliable stream: numbers messages, keeps them until they are acknowledged, and says when which
/// must be sent again. It sends nothing itself: its actor does, and keeps what must outlive the process.
/// </summary>
/// <remarks>Belongs to one actor.</remarks>
public sealed class ReliableProducer
{
    private readonly LinkedList<ReliableMessage> _unacknowledged = new();
    private readonly Digest16 _stream;
    private readonly ReliableOptions _options;
    private readonly TimeProvider _time;
    private long _waitsSince;
    private TimeSpan _wait;
    private long _bytes;

    /// <summary>Begins a stream, or goes on with one.</summary>
    /// <param name="stream">Which.</param>
    /// <param name="options">Its bounds.</param>
    /// <param name="time">The clock of the waits.</param>
    /// <param name="acknowledged">The last message that was acknowledged before; 0 at the beginning.</param>
    /// <param name="unacknowledged">The messages that were kept, in order; all of them are due at once.</param>
    /// <exception cref="ArgumentException">The messages do not follow each other.</exception>
    public ReliableProducer(
        Digest16 stream,
        ReliableOptions options,
        TimeProvider time,
        ulong acknowledged = 0,
        IReadOnlyList<ReliableMessage>? unacknowledged = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        _stream = stream;
        _options = options;
        _time = time;
        Acknowledged = acknowledged;
        LastSequence = acknowledged;
        _wait = options.WaitMin;
        foreach (ReliableMessage message in unacknowledged ?? [])
        {
            if (message.Stream != stream || message.Sequence != LastSequence + 1)
            {
                throw new ArgumentException("The messages do not follow each other.", nameof(unacknowledged));
            }

            Keep(message);
        }

        _wait = TimeSpan.Zero;
        _waitsSince = time.GetTimestamp();
    }

    /// <summary>The last message that was acknowledged; 0 for none.</summary>
    public ulong Acknowledged { get; private set; }

    /// <summary>The last message that was given a number; 0 for none.</summary>
    public ulong LastSequence { get; private set; }

    /// <summary>What must be kept to go on after a restart, in order.</summary>
    public IReadOnlyCollection<ReliableMessage> Unacknowledged => _unacknowledged;

    /// <summary>How long until messages must be sent again; null while all are acknowledged.</summary>
    public TimeSpan? UntilDue
    {
        get
        {
            TimeSpan left = _wait - _time.GetElapsedTime(_waitsSince);
            return _unacknowledged.Count == 0 ? null : left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Gives a payload its number. The caller sends the message.</summary>
    /// <param name="payload">The content; it must not change any more.</param>
    /// <returns>Null if the window is full: wait for acknowledgements.</returns>
    public ReliableMessage? TryAdd(ReadOnlyMemory<byte> payload)
    {
        if (_unacknowledged.Count >= _options.WindowMessages
            || (_unacknowledged.Count > 0 && _bytes + payload.Length > _options.WindowBytes))
        {
            return null;
        }

        if (_unacknowledged.Count == 0)
        {
            StartWait(_options.WaitMin);
        }

        var message = new ReliableMessage(_stream, LastSequence + 1, payload);
        Keep(message);
        return message;
    }

    /// <summary>Takes an acknowledgement; one of another stream, or of what was never sent, is ignored.</summary>
    /// <param name="ack">The acknowledgement, of any age.</param>
    /// <returns>How many messages it was news of.</returns>
    public int Take(ReliableAck ack)
    {
        ArgumentNullException.ThrowIfNull(ack);
        if (ack.Stream != _stream || ack.UpTo > LastSequence)
        {
            return 0;
        }

        int taken = 0;
        while (_unacknowledged.First is { } oldest && oldest.Value.Sequence <= ack.UpTo)
        {
            _bytes -= oldest.Value.Payload.Length;
            _unacknowledged.RemoveFirst();
            taken++;
        }

        if (taken > 0)
        {
            // The other side lives: what is left has a fresh wait.
            Acknowledged = ack.UpTo;
            StartWait(_options.WaitMin);
        }

        return taken;
    }

    /// <summary>The oldest messages, if their wait is over; the next wait is twice as long.</summary>
    public IReadOnlyList<ReliableMessage> TakeDue()
    {
        if (UntilDue != TimeSpan.Zero)
        {
            return [];
        }

        TimeSpan next = _wait < _options.WaitMin ? _options.WaitMin : _wait * 2;
        StartWait(next < _options.WaitMax ? next : _options.WaitMax);
        return [.. _unacknowledged.Take(_options.ResendMax)];
    }

    private void Keep(ReliableMessage message)
    {
        LastSequence = message.Sequence;
        _bytes += message.Payload.Length;
        _unacknowledged.AddLast(message);
    }

    private void StartWait(TimeSpan wait)
    {
        _wait = wait;
        _waitsSince = _time.GetTimestamp();
    }
}
