using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>
/// The index of one device's messages on this node, and the ids that are not wanted again. Pure; belongs to the
/// mailbox's actor.
/// </summary>
internal sealed class MailboxState
{
    /// <summary>How many ids of messages that are gone are remembered.</summary>
    public const int GoneKept = 4_096;

    private readonly Dictionary<Digest16, MailboxEntry> _byId = [];
    private readonly SortedDictionary<long, MailboxEntry> _bySequence = [];
    private readonly HashSet<Digest16> _gone = [];
    private readonly Queue<Digest16> _goneOrder = new();

    /// <summary>Messages held.</summary>
    public int Count => _byId.Count;

    /// <summary>Bytes held.</summary>
    public long Bytes { get; private set; }

    /// <summary>The messages in the order they were stored.</summary>
    public IEnumerable<MailboxEntry> Entries => _bySequence.Values;

    /// <summary>The lowest journal sequence that holds a message, or null if there is none.</summary>
    public long? LowestSequence => _bySequence.Count == 0 ? null : _bySequence.First().Key;

    /// <summary>The ids that are not wanted again, oldest first.</summary>
    public IReadOnlyCollection<Digest16> Gone => _goneOrder;

    /// <summary>Rises whenever an id is remembered as gone.</summary>
    public long GoneVersion { get; private set; }

    /// <summary>Whether it holds the message.</summary>
    public bool Contains(Digest16 id) => _byId.ContainsKey(id);

    /// <summary>The message, or null.</summary>
    public MailboxEntry? Find(Digest16 id) => _byId.GetValueOrDefault(id);

    /// <summary>Whether the message was here not long ago and is not wanted again.</summary>
    public bool IsGone(Digest16 id) => _gone.Contains(id);

    /// <summary>Takes in a message that is durable; one it holds already only moves to its new place.</summary>
    public MailboxEntry Add(HeldMessage message, long sequence, TimeSpan now)
    {
        if (_byId.TryGetValue(message.MessageId, out MailboxEntry? held))
        {
            _bySequence.Remove(held.Sequence);
        }
        else
        {
            held = new MailboxEntry(
                message.MessageId, message.Sender, Size(message), message.ExpiresUtcTicks, now);
            _byId.Add(message.MessageId, held);
            Bytes += held.Size;
        }

        held.Sequence = sequence;
        _bySequence.Add(sequence, held);
        return held;
    }

    /// <summary>Forgets a message; null if it was not there.</summary>
    public MailboxEntry? Remove(Digest16 id)
    {
        if (!_byId.Remove(id, out MailboxEntry? held))
        {
            return null;
        }

        _bySequence.Remove(held.Sequence);
        held.IsGone = true;
        Bytes -= held.Size;
        return held;
    }

    /// <summary>Remembers for a while that a message is not wanted again.</summary>
    public void RememberGone(Digest16 id)
    {
        if (!_gone.Add(id))
        {
            return;
        }

        GoneVersion++;
        _goneOrder.Enqueue(id);
        if (_goneOrder.Count > GoneKept)
        {
            _gone.Remove(_goneOrder.Dequeue());
        }
    }

    /// <summary>What a message counts for against the limits.</summary>
    public static long Size(HeldMessage message) => message.Blob.Length + 128;
}
