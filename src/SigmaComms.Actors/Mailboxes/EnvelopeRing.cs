using System.Buffers;

namespace SigmaComms.Actors.Mailboxes;

/// <summary>
/// Envelopes in their order, in an array that grows and that the consumer takes whole. A field of the mailbox, not an
/// object; the mailbox's gate guards it.
/// </summary>
internal struct EnvelopeRing
{
    private const int OwnSizeMax = 8;

    private Envelope[]? _slots;
    private int _first;
    private int _count;

    /// <summary>How many there are.</summary>
    public readonly int Count => _count;

    /// <summary>Whether there were none a moment ago; without the gate.</summary>
    public readonly bool SeemsEmpty => Volatile.Read(in _count) == 0;

    /// <summary>The first one's message, or null.</summary>
    public readonly object? Peek() => _count > 0 ? _slots![_first].Message : null;

    /// <summary>Appends one.</summary>
    /// <param name="envelope">What.</param>
    /// <param name="sizeBits">The size of an array that is taken anew, as a power of two.</param>
    public void Append(Envelope envelope, byte sizeBits)
    {
        if (_slots is null || _count == _slots.Length)
        {
            Grow(sizeBits);
        }

        _slots![Index(_count)] = envelope;
        _count++;
    }

    /// <summary>Takes the first one out.</summary>
    public Envelope TakeFirst()
    {
        Envelope first = _slots![_first];
        _slots[_first] = default;
        _first = Index(1);
        _count--;
        return first;
    }

    /// <summary>Takes the oldest out that is a message of somebody, not a word of the runtime.</summary>
    public bool TryTakeMessage(out Envelope taken)
    {
        for (int i = 0; i < _count; i++)
        {
            taken = _slots![Index(i)];
            if (taken.Message is RuntimeNotice or PoisonPill)
            {
                continue;
            }

            for (int j = i; j > 0; j--)
            {
                _slots[Index(j)] = _slots[Index(j - 1)];
            }

            TakeFirst();
            return true;
        }

        taken = default;
        return false;
    }

    /// <summary>Gives all to the consumer, and takes the array that it has emptied.</summary>
    public void HandOver(MailboxBatch to, long since)
    {
        Envelope[] slots = _slots!;
        if (_first + _count > slots.Length)
        {
            Grow(sizeBits: 0);
            slots = _slots!;
        }

        _slots = to.Exchange(slots, _first, _count, since);
        _first = 0;
        _count = 0;
    }

    /// <summary>Nothing waits: gives a large array back.</summary>
    public void Rest()
    {
        _first = 0;
        if (_slots?.Length > OwnSizeMax)
        {
            Release(_slots);
            _slots = null;
        }
    }

    /// <summary>Gives an array back, if it came from the pool; it holds nothing.</summary>
    public static void Release(Envelope[] array)
    {
        if (array.Length > OwnSizeMax)
        {
            ArrayPool<Envelope>.Shared.Return(array);
        }
    }

    /// <summary>Whether an idle mailbox may keep an array of the size.</summary>
    public static bool IsSmall(int size) => size <= OwnSizeMax;

    private readonly int Index(int offset)
    {
        int index = _first + offset;
        return index < _slots!.Length ? index : index - _slots.Length;
    }

    private void Grow(byte sizeBits)
    {
        // After a burst a mailbox takes an array of that size from the pool at once, and makes no garbage.
        Envelope[] old = _slots ?? [];
        int size = Math.Max(_count == 0 ? 1 << sizeBits : old.Length * 2, _count + 1);
        Envelope[] larger = size > OwnSizeMax ? ArrayPool<Envelope>.Shared.Rent(size) : new Envelope[size];
        int upToEnd = Math.Min(_count, old.Length - _first);
        Array.Copy(old, _first, larger, 0, upToEnd);
        Array.Copy(old, 0, larger, upToEnd, _count - upToEnd);
        Array.Clear(old);
        Release(old);
        _slots = larger;
        _first = 0;
    }
}
