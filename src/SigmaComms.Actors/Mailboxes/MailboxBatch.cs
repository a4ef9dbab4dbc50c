namespace SigmaComms.Actors.Mailboxes;

/// <summary>
/// The consumer's side of a mailbox. An object of its own, so that the consumer's counters do not share a cache line
/// with the senders'. Only the consumer changes it.
/// </summary>
internal sealed class MailboxBatch
{
    private Envelope[] _slots = [];
    private List<Envelope>? _front;
    private int _next;
    private int _end;

    /// <summary>When the oldest message of the batch came.</summary>
    public long Since { get; private set; }

    /// <summary>Messages left; others may read it, and see at most one too many.</summary>
    public int Count => Math.Max(0, _end - Volatile.Read(ref _next)) + (_front?.Count ?? 0);

    /// <summary>Size of its array.</summary>
    public int Size => _slots.Length;

    /// <summary>Whether a new array may come in.</summary>
    public bool IsEmpty => _next == _end;

    /// <summary>The next message, or nothing. By value: two words travel in registers.</summary>
    public Envelope Take()
    {
        if (_front is { Count: > 0 } front)
        {
            Envelope first = front[^1];
            front.RemoveAt(front.Count - 1);
            return first;
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

    /// <summary>Takes one message from a sender while the consumer sleeps; under the mailbox's gate.</summary>
    public void HandIn(Envelope envelope, long since)
    {
        if (_slots.Length == 0)
        {
            _slots = new Envelope[1];
        }

        _slots[0] = envelope;
        _next = 0;
        _end = 1;
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
