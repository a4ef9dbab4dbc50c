using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>
/// The mailboxes without an actor that may hold messages, and which of them must be looked after: because nobody has
/// read them since the start, because a message expired, or because they belong on other nodes now. Counts what they
/// hold. Belongs to the mailboxes' actor.
/// </summary>
internal sealed class SleepingMailboxes(NodeContext node)
{
    private static readonly SleepingMailbox Unread = new(0, 0, []);

    private readonly Dictionary<NodeId, SleepingMailbox> _sleeping = [];
    private readonly Queue<NodeId> _due = new();
    private readonly HashSet<NodeId> _isDue = [];

    /// <summary>A mailbox of which only the name is known.</summary>
    public void AddUnread(NodeId device)
    {
        if (_sleeping.TryAdd(device, Unread))
        {
            SetDue(device);
        }
    }

    /// <summary>A mailbox that could not be read: it is due with the next <see cref="NoteTime"/>.</summary>
    public void AddFailed(NodeId device) => _sleeping.TryAdd(device, Unread);

    /// <summary>A mailbox fell asleep; an empty one needs no care.</summary>
    public void Add(NodeId device, SleepingMailbox state)
    {
        if (state.Bytes == 0)
        {
            return;
        }

        _sleeping[device] = state;
        node.Counters.AddMailboxes(1);
        node.Counters.AddMailboxBytes(state.Bytes);
        if (state.Owners.Count > 0 && IsMisplaced(device, state))
        {
            SetDue(device);
        }
    }

    /// <summary>The mailbox gets an actor, which counts for itself.</summary>
    public void Remove(NodeId device)
    {
        if (_sleeping.Remove(device, out SleepingMailbox? state))
        {
            node.Counters.AddMailboxes(state.Bytes > 0 ? -1 : 0);
            node.Counters.AddMailboxBytes(-state.Bytes);
            _isDue.Remove(device);
        }
    }

    public void Clear()
    {
        foreach (NodeId device in _sleeping.Keys.ToArray())
        {
            Remove(device);
        }

        _due.Clear();
    }

    /// <summary>Other nodes came or went: what does not lie where it should is due.</summary>
    public void NoteView()
    {
        foreach ((NodeId device, SleepingMailbox state) in _sleeping)
        {
            if (IsMisplaced(device, state))
            {
                SetDue(device);
            }
        }
    }

    /// <summary>Time went on: mailboxes with a message that expired are due, and those that were not settled.</summary>
    public void NoteTime()
    {
        ulong now = (ulong)node.Time.GetUtcNow().UtcTicks;
        foreach ((NodeId device, SleepingMailbox state) in _sleeping)
        {
            if (state.ExpiresUtcTicks < now || state.Owners.Count == 0)
            {
                SetDue(device);
            }
        }
    }

    /// <summary>The next mailbox that must be looked after.</summary>
    public bool TryTakeDue([MaybeNullWhen(false)] out NodeId device)
    {
        while (_due.TryDequeue(out device))
        {
            if (_isDue.Remove(device))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsMisplaced(NodeId device, SleepingMailbox state) =>
        state.Owners.Count == 0 || !state.Owners.SequenceEqual(HandOverDesk.OwnersOf(node, device));

    private void SetDue(NodeId device)
    {
        if (_isDue.Add(device))
        {
            _due.Enqueue(device);
        }
    }
}
