namespace SigmaComms.Actors.Mailboxes;

/// <summary>
/// The consumer's side of a mailbox. An object of its own, so that the consumer's counters do not share a cache line
/// with the senders'. Only the consumer changes it.
/// </summary>
internal sealed class MailboxBatch
{
    private Envelope _single;
    private Envelope[] _slots = [];
    private List<Envelope>? _front;
    private int _next;
    private int _end;

    /// <summary>When the oldest message of the batch came.</summary>
    public long Since { get; private set; }

    /// <summary>Messages left; others may read it, and see at most one too many.</summary>
    public int Count =>
        Math.Max(0, _end - Volatile.Read(ref _next)) + (_front?.Count ?? 0) + (_single.Message is null ? 0 : 1);

    /// <summary>Size of its array.</summary>
    public int Size => _slots.Length;

    /// <summary>Whether a new array may come in.</summary>
    public bool IsEmpty => _next == _end && _single.Message is null;

    /// <summary>The next message, or nothing. By value: two words travel in registers.</summary>
    public Envelope Take()
    {
        if (_front is { Count: > 0 } front)
        {
            Envelope first = front[^1];
            front.RemoveAt(front.Count - 1);
            return first;
        }

        if (_single.Message is not null)
        {
            Envelope single = _single;
            _single = default;
            return single;
        }

        if (_next == _end)
        {
            return default;
        }

        ref Envelope slot = ref _slots[_next];
        Envelope next = slot;
        slot = default;
        _next++;
        return next;
    }

    /// <summary>The next message, which stays, or null.</summary>
    public object? Peek() => _front is { Count: > 0 } front ? front[^1].Message
        : _single.Message is { } single ? single
        : _next == _end ? null
        : _slots[_next].Message;

    /// <summary>Puts messages before all others, in their order.</summary>
    public void PutInFront(IReadOnlyList<Envelope> envelopes)
    {
        _front ??= [];
        for (int i = envelopes.Count - 1; i >= 0; i--)
        {
            _front.Add(envelopes[i]);
        }
    }

    /// <summary>
    /// Takes one message from a sender while the consumer sleeps and nothing is here; under the mailbox's gate.
    /// </summary>
    public void HandIn(Envelope envelope, long since)
    {
        _single = envelope;
        Since = since;
    }

    /// <summary>Takes a full array and gives the empty one back; under the mailbox's gate.</summary>
    public Envelope[] Exchange(Envelope[] slots, int first, int count, long since)
    {
        Envelope[] empty = _slots;
        _slots = slots;
        _next = first;
        _end = first + count;
        Since = since;
        return empty;
    }
}
