namespace SigmaComms.Actors.Mailboxes;

/// <summary>
/// The bytes in a mailbox that is bounded in them. Words of the runtime and poison pills weigh nothing. Bytes are
/// added under the mailbox's gate only; the consumer takes them off without it.
/// </summary>
internal sealed class MailboxWeights(long bytesMax, Func<object, int> sizer)
{
    private long _bytes;

    /// <summary>Bytes that the mailbox holds.</summary>
    public long BytesMax => bytesMax;

    /// <summary>Bytes of the messages that wait.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Gives a message its size; outside of the gate, for the sizer is foreign code.</summary>
    /// <returns>False if it is above the bound, or its size cannot be told.</returns>
    public bool TryWeigh(ref Envelope envelope)
    {
        if (envelope.Message is RuntimeNotice or PoisonPill)
        {
            return true;
        }

        int size;
        try
        {
            size = sizer(envelope.Message);
        }
        catch (Exception)
        {
            // Sending never throws. What has no size has no place here; it becomes a dead letter.
            return false;
        }

        envelope = envelope with { Message = new WeighedMessage(envelope.Message, size) };
        return size >= 0 && size <= bytesMax;
    }

    /// <summary>Whether a message has room beside those that wait.</summary>
    public bool Fits(Envelope envelope) =>
        envelope.Message is not WeighedMessage weighed || weighed.SizeBytes <= bytesMax - Bytes;

    /// <summary>A message came in.</summary>
    public void Add(Envelope envelope)
    {
        if (envelope.Message is WeighedMessage weighed)
        {
            Interlocked.Add(ref _bytes, weighed.SizeBytes);
        }
    }

    /// <summary>A message goes out. Returns it as it was sent.</summary>
    public Envelope Release(Envelope envelope)
    {
        if (envelope.Message is not WeighedMessage weighed)
        {
            return envelope;
        }

        Interlocked.Add(ref _bytes, -weighed.SizeBytes);
        return envelope with { Message = weighed.Message };
    }

    /// <summary>A message that never came in, as it was sent.</summary>
    public static Envelope Bare(Envelope envelope) =>
        envelope.Message is WeighedMessage weighed ? envelope with { Message = weighed.Message } : envelope;
}
