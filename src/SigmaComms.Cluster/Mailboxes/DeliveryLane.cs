using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>
/// The messages of one sender for the subscriber of a mailbox. Those at the front may be in memory; behind the first
/// that is not, none is. Belongs to the delivery queue.
/// </summary>
internal sealed class DeliveryLane(NodeId sender)
{
    private readonly Queue<MailboxEntry> _waiting = new();

    public NodeId Sender => sender;

    /// <summary>Messages on their way without acknowledgement.</summary>
    public int OnTheirWay { get; set; }

    /// <summary>Messages that wait and are not in memory.</summary>
    public int Unread { get; set; }

    /// <summary>Whether the lane waits for its turn.</summary>
    public bool IsInTurn { get; set; }

    /// <summary>The messages that wait, in order; some may be gone.</summary>
    public IEnumerable<MailboxEntry> Waiting => _waiting;

    /// <summary>A message waits.</summary>
    public void Add(MailboxEntry entry)
    {
        _waiting.Enqueue(entry);
        Unread += entry.Content is null ? 1 : 0;
    }

    /// <summary>The first message that waits, or null.</summary>
    public MailboxEntry? First()
    {
        while (_waiting.TryPeek(out MailboxEntry? entry))
        {
            if (!entry.IsGone)
            {
                return entry;
            }

            _waiting.Dequeue();
        }

        return null;
    }

    /// <summary>The first message leaves.</summary>
    public void RemoveFirst() => _waiting.Dequeue();

    /// <summary>Forgets the content of what waits; it is read again when its turn comes.</summary>
    /// <returns>How many bytes that frees.</returns>
    public long Unload()
    {
        long bytes = 0;
        foreach (MailboxEntry entry in _waiting.Where(entry => entry is { IsGone: false, Content: not null }))
        {
            entry.Content = null;
            bytes += entry.Size;
            Unread++;
        }

        return bytes;
    }
}
