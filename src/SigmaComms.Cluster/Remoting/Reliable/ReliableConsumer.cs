using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Remoting.Reliable;

/// <summary>
/// The receiving side of a reliable stream: each message once and in order, whatever the way does to it. Its actor
/// handles what is ready, stores the position together with the effect, and then confirms; so a message is neither
/// lost nor done twice, also after a restart from the stored position.
/// </summary>
/// <remarks>Belongs to one actor.</remarks>
public sealed class ReliableConsumer
{
    private readonly Dictionary<ulong, ReliableMessage> _early = [];
    private readonly Digest16 _stream;
    private readonly ReliableOptions _options;
    private ulong _handed;
    private long _bytes;

    /// <summary>Begins a stream, or goes on with one.</summary>
    /// <param name="stream">Which.</param>
    /// <param name="options">Its bounds.</param>
    /// <param name="position">The last message whose effect was stored; 0 at the beginning.</param>
    public ReliableConsumer(Digest16 stream, ReliableOptions options, ulong position = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _stream = stream;
        _options = options;
        _handed = position;
        Position = position;
    }

    /// <summary>The last message that was confirmed.</summary>
    public ulong Position { get; private set; }

    /// <summary>Messages that came before one that they follow.</summary>
    public int Early => _early.Count;

    /// <summary>What to tell the producer now; to be sent for every message, a repeated one too.</summary>
    public ReliableAck Ack => new(_stream, Position);

    /// <summary>Takes a message in any order, any number of times.</summary>
    /// <param name="message">The message.</param>
    /// <returns>The messages to handle now, in order; empty if it was taken before or came too early.</returns>
    public IReadOnlyList<ReliableMessage> Take(ReliableMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Stream != _stream || message.Sequence <= _handed || !TryKeep(message))
        {
            return [];
        }

        var ready = new List<ReliableMessage>();
        while (_early.Remove(_handed + 1, out ReliableMessage? next))
        {
            _bytes -= next.Payload.Length;
            _handed++;
            ready.Add(next);
        }

        return ready;
    }

    /// <summary>The effects of all messages up to one are stored.</summary>
    /// <param name="sequence">The last one; it was handed out before.</param>
    /// <returns>What to tell the producer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It was not handed out.</exception>
    public ReliableAck Confirm(ulong sequence)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sequence, _handed);
        Position = Math.Max(Position, sequence);
        return Ack;
    }

    /// <summary>
    /// Forgets what was handed out and not confirmed, because it could not be handled: it comes again.
    /// </summary>
    public void TakeBack()
    {
        _handed = Position;
        _early.Clear();
        _bytes = 0;
    }

    // What is refused here comes again: the producer keeps it.
    private bool TryKeep(ReliableMessage message)
    {
        bool isNext = message.Sequence == _handed + 1;
        if (!isNext && (message.Sequence - _handed > (ulong)_options.WindowMessages
            || _bytes + message.Payload.Length > _options.WindowBytes))
        {
            return false;
        }

        if (_early.TryAdd(message.Sequence, message))
        {
            _bytes += message.Payload.Length;
        }

        return true;
    }
}
