namespace SigmaComms.Cluster.Mailboxes;

/// <summary>
/// What goes to the one subscriber of a mailbox, and how much may be on its way without acknowledgement.
/// </summary>
internal sealed class DeliveryQueue(int window)
{
    private readonly Queue<MailboxEntry> _waiting = new();
    private ulong _stamp;
    private int _onTheirWay;

    /// <summary>Who gets the messages, or null.</summary>
    public IMailboxSubscriber? Subscriber { get; private set; }

    /// <summary>Takes a new subscriber, who gets all messages anew; false if a later one is there.</summary>
    /// <param name="open">The subscriber. A client that just connected wins over any before.</param>
    /// <param name="entries">Everything the mailbox holds.</param>
    public bool TryOpen(OpenSubscription open, IEnumerable<MailboxEntry> entries)
    {
        if (Subscriber is not null && !open.Fresh && open.Stamp < _stamp)
        {
            return false;
        }

        if (_stamp != open.Stamp)
        {
            Subscriber?.Replaced();
        }

        Subscriber = open.Subscriber;
        _stamp = open.Stamp;
        _onTheirWay = 0;
        _waiting.Clear();
        foreach (MailboxEntry entry in entries)
        {
            entry.IsOnItsWay = false;
            _waiting.Enqueue(entry);
        }

        return true;
    }

    /// <summary>The subscription of this stamp has ended.</summary>
    public void Close(ulong stamp)
    {
        if (stamp == _stamp)
        {
            Subscriber = null;
            _waiting.Clear();
        }
    }

    /// <summary>A message came; without a subscriber it waits in the mailbox only.</summary>
    public void Add(MailboxEntry entry)
    {
        if (Subscriber is not null)
        {
            _waiting.Enqueue(entry);
        }
    }

    /// <summary>A message left the mailbox.</summary>
    public void Forget(MailboxEntry entry)
    {
        if (entry.IsOnItsWay)
        {
            _onTheirWay--;
        }
    }

    /// <summary>Sends what the window allows; false if the subscriber takes no more at the moment.</summary>
    public bool TryDeliver()
    {
        while (Subscriber is { } subscriber && _onTheirWay < window && _waiting.TryPeek(out MailboxEntry? entry))
        {
            if (!entry.IsGone)
            {
                if (!subscriber.TryDeliver(entry.Message))
                {
                    return false;
                }

                entry.IsOnItsWay = true;
                _onTheirWay++;
            }

            _waiting.Dequeue();
        }

        return true;
    }
}
