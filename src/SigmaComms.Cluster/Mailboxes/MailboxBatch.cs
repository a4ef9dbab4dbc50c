using SigmaComms.Actors;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>What goes into the journal in one append: first what is gone, then what moves, then what is new.</summary>
internal sealed class MailboxBatch
{
    /// <summary>Soft limit: an append takes no more once it has so many bytes.</summary>
    public const long BytesMax = 1 << 20;

    private readonly HashSet<Digest16> _ids = [];

    /// <summary>The events in order.</summary>
    public List<NewEvent> Events { get; } = [];

    /// <summary>The message of each event that stores one, null for others.</summary>
    public List<HeldMessage?> Messages { get; } = [];

    /// <summary>Who waits for this batch.</summary>
    public List<IActorRef> Askers { get; } = [];

    /// <summary>Bytes of new messages.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether there is room for so many more messages.</summary>
    public bool HasRoom(int messages) =>
        Events.Count + messages <= JournalLimits.EventsPerAppendMax && (Bytes < BytesMax || Events.Count == 0);

    /// <summary>Notes messages that are here no longer.</summary>
    /// <param name="notice">The event that says so.</param>
    public void AddNotice(NewEvent notice)
    {
        Events.Add(notice);
        Messages.Add(null);
    }

    /// <summary>Answers everybody who waits for this batch.</summary>
    public void Answer(LinkMessage answer)
    {
        foreach (IActorRef asker in Askers)
        {
            asker.Tell(answer);
        }
    }

    /// <summary>Stores a message; does nothing if the batch has it already.</summary>
    public void Add(HeldMessage message)
    {
        if (_ids.Add(message.MessageId))
        {
            Events.Add(MailboxEvents.ForStored(message));
            Messages.Add(message);
            Bytes += MailboxState.Size(message);
        }
    }
}
