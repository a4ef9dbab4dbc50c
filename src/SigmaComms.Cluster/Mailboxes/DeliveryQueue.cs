using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>
/// What goes to the one subscriber of a mailbox, and how much may be on its way without acknowledgement. The messages
/// at the front may be in memory; behind the first that is not, none is.
/// </summary>
internal sealed class DeliveryQueue(int window)
{
    private const int MessagesPerRead = 256;
    private const long InMemoryBytes = 256 * 1024;

    private readonly Queue<MailboxEntry> _waiting = new();
    private ulong _stamp;
    private int _onTheirWay;
    private int _unread;
    private long _inMemoryBytes;

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
        Clear();
        foreach (MailboxEntry entry in entries)
        {
            entry.IsOnItsWay = false;
            _waiting.Enqueue(entry);
            _unread++;
        }

        return true;
    }

    /// <summary>The subscription of this stamp has ended; false if it is not the present one.</summary>
    public bool Close(ulong stamp)
    {
        if (stamp != _stamp || Subscriber is null)
        {
            return false;
        }

        Subscriber = null;
        Clear();
        return true;
    }

    /// <summary>A message came; without a subscriber it waits in the mailbox only.</summary>
    public void Add(MailboxEntry entry, HeldMessage message)
    {
        if (Subscriber is null)
        {
            return;
        }

        _waiting.Enqueue(entry);
        if (_unread == 0 && (_waiting.Count == 1 || _inMemoryBytes + entry.Size <= InMemoryBytes))
        {
            entry.Content = message;
            _inMemoryBytes += entry.Size;
        }
        else
        {
            _unread++;
        }
    }

    /// <summary>A message left the mailbox.</summary>
    public void Forget(MailboxEntry entry)
    {
        if (entry.IsOnItsWay)
        {
            _onTheirWay--;
        }
        else if (entry.Content is not null)
        {
            entry.Content = null;
            _inMemoryBytes -= entry.Size;
        }
        else if (Subscriber is not null)
        {
            _unread--;
        }
    }

    /// <summary>Sends what the window allows, in order.</summary>
    public DeliveryStep Deliver()
    {
        while (Subscriber is { } subscriber && _onTheirWay < window && _waiting.TryPeek(out MailboxEntry? entry))
        {
            if (!entry.IsGone)
            {
                if (entry.Content is not { } message)
                {
                    return DeliveryStep.NeedsContent;
                }

                if (!subscriber.TryDeliver(message))
                {
                    return DeliveryStep.NoRoom;
                }

                entry.Content = null;
                _inMemoryBytes -= entry.Size;
                entry.IsOnItsWay = true;
                _onTheirWay++;
            }

            _waiting.Dequeue();
        }

        return DeliveryStep.Rests;
    }

    /// <summary>Messages were read from the journal.</summary>
    public void Load(IReadOnlyList<HeldMessage> messages, MailboxState state)
    {
        foreach (HeldMessage message in messages)
        {
            if (Subscriber is not null
                && state.Find(message.MessageId) is { IsOnItsWay: false, Content: null } entry)
            {
                entry.Content = message;
                _inMemoryBytes += entry.Size;
                _unread--;
            }
        }
    }

    /// <summary>
    /// The next messages to read from the journal: as many as one read gives, also beyond the window, so that not every
    /// acknowledgement leads to a read.
    /// </summary>
    public IReadOnlyList<MailboxEntry> NextToRead()
    {
        var next = new List<MailboxEntry>();
        long bytes = 0;
        foreach (MailboxEntry entry in _waiting.Where(entry => entry is { IsGone: false, Content: null }))
        {
            if (next.Count == MessagesPerRead || bytes >= InMemoryBytes)
            {
                break;
            }

            next.Add(entry);
            bytes += entry.Size;
        }

        return next;
    }

    private void Clear()
    {
        foreach (MailboxEntry entry in _waiting)
        {
            entry.Content = null;
        }

        _waiting.Clear();
        _unread = 0;
        _inMemoryBytes = 0;
    }
}
