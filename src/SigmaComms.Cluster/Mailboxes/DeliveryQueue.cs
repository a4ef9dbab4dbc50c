using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>
/// What goes to the one subscriber of a mailbox, and how much may be on its way without acknowledgement. Each sender
/// has a window of its own, so that nobody's unacknowledged messages hold up those of others; the senders take turns.
/// </summary>
internal sealed class DeliveryQueue(int window)
{
    private const int MessagesPerRead = 256;
    private const long InMemoryBytes = 256 * 1024;
    private const int WindowsInAll = 4;

    private readonly Dictionary<NodeId, DeliveryLane> _lanes = [];
    private readonly Queue<DeliveryLane> _turns = new();
    private readonly int _always = Math.Max(1, window / 32);
    private ulong _stamp;
    private int _onTheirWay;
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
        Clear();
        foreach (MailboxEntry entry in entries)
        {
            entry.IsOnItsWay = false;
            Enqueue(entry);
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

        if ((!_lanes.TryGetValue(entry.Sender, out DeliveryLane? lane) || lane.Unread == 0)
            && (_inMemoryBytes == 0 || _inMemoryBytes + entry.Size <= InMemoryBytes))
        {
            entry.Content = message;
            _inMemoryBytes += entry.Size;
        }

        Enqueue(entry);
    }

    /// <summary>A message left the mailbox.</summary>
    public void Forget(MailboxEntry entry)
    {
        if (!_lanes.TryGetValue(entry.Sender, out DeliveryLane? lane))
        {
            return;
        }

        if (entry.IsOnItsWay)
        {
            _onTheirWay--;
            lane.OnTheirWay--;
            RemoveIfDone(lane);
        }
        else if (entry.Content is not null)
        {
            entry.Content = null;
            _inMemoryBytes -= entry.Size;
        }
        else
        {
            lane.Unread--;
        }
    }

    /// <summary>Sends what the windows allow: those of one sender in order, the senders by turns.</summary>
    public DeliveryStep Deliver()
    {
        bool needsContent = false;
        for (int idle = 0; Subscriber is { } subscriber && idle < _turns.Count;)
        {
            DeliveryLane lane = _turns.Dequeue();
            if (lane.First() is not { } entry)
            {
                lane.IsInTurn = false;
                RemoveIfDone(lane);
                continue;
            }

            _turns.Enqueue(lane);
            if (!MaySend(lane) || entry.Content is null)
            {
                needsContent |= MaySend(lane);
                idle++;
                continue;
            }

            if (!subscriber.TryDeliver(entry.Content))
            {
                return DeliveryStep.NoRoom;
            }

            idle = 0;
            entry.Content = null;
            _inMemoryBytes -= entry.Size;
            entry.IsOnItsWay = true;
            _onTheirWay++;
            lane.OnTheirWay++;
            lane.RemoveFirst();
        }

        return needsContent ? DeliveryStep.NeedsContent : DeliveryStep.Rests;
    }

    /// <summary>Messages were read from the journal.</summary>
    public void Load(IReadOnlyList<HeldMessage> messages, MailboxState state)
    {
        foreach (HeldMessage message in messages)
        {
            if (state.Find(message.MessageId) is { IsOnItsWay: false, Content: null } entry
                && _lanes.TryGetValue(entry.Sender, out DeliveryLane? lane))
            {
                entry.Content = message;
                _inMemoryBytes += entry.Size;
                lane.Unread--;
            }
        }
    }

    /// <summary>
    /// The next messages to read from the journal: as many as one read gives, also beyond a sender's window, so that
    /// not every acknowledgement leads to a read. Nothing is read for a sender whose window is full.
    /// </summary>
    public IReadOnlyList<MailboxEntry> NextToRead()
    {
        DeliveryLane[] ready = [.. _turns.Where(lane => lane.Unread > 0 && MaySend(lane))];
        if (_inMemoryBytes >= InMemoryBytes)
        {
            foreach (DeliveryLane full in _turns.Where(lane => !MaySend(lane)))
            {
                _inMemoryBytes -= full.Unload();
            }
        }

        var next = new List<MailboxEntry>();
        long bytes = 0;
        int each = Math.Max(1, MessagesPerRead / Math.Max(1, ready.Length));
        foreach (DeliveryLane lane in ready)
        {
            foreach (MailboxEntry entry in lane.Waiting
                .Where(entry => entry is { IsGone: false, Content: null }).Take(each))
            {
                if (next.Count == MessagesPerRead || bytes >= InMemoryBytes)
                {
                    return next;
                }

                next.Add(entry);
                bytes += entry.Size;
            }
        }

        return next;
    }

    private bool MaySend(DeliveryLane lane) => lane.OnTheirWay < window
        && (_onTheirWay < (long)window * WindowsInAll || lane.OnTheirWay < _always);

    private void Enqueue(MailboxEntry entry)
    {
        if (!_lanes.TryGetValue(entry.Sender, out DeliveryLane? lane))
        {
            lane = new DeliveryLane(entry.Sender);
            _lanes.Add(entry.Sender, lane);
        }

        lane.Add(entry);
        if (!lane.IsInTurn)
        {
            lane.IsInTurn = true;
            _turns.Enqueue(lane);
        }
    }

    private void RemoveIfDone(DeliveryLane lane)
    {
        if (!lane.IsInTurn && lane.OnTheirWay == 0)
        {
            _lanes.Remove(lane.Sender);
        }
    }

    private void Clear()
    {
        foreach (DeliveryLane lane in _lanes.Values)
        {
            lane.Unload();
        }

        _lanes.Clear();
        _turns.Clear();
        _onTheirWay = 0;
        _inMemoryBytes = 0;
    }
}
