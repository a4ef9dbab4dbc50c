using SigmaComms.Actors;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>Messages that wait to be stored in one mailbox. Belongs to the mailbox's actor.</summary>
internal sealed class StoreQueue(NodeContext node, MailboxState state)
{
    private readonly Queue<(StoreMessages Request, IActorRef Asker)> _waiting = new();

    public bool IsEmpty => _waiting.Count == 0;

    public void Add(StoreMessages request, IActorRef asker) => _waiting.Enqueue((request, asker));

    /// <summary>Moves what fits into an append. What is here already is answered with it.</summary>
    public void MoveTo(MailboxBatch batch)
    {
        while (_waiting.TryPeek(out (StoreMessages Request, IActorRef Asker) next)
            && batch.HasRoom(next.Request.Messages.Count))
        {
            _waiting.Dequeue();
            HeldMessage[] missing = [.. next.Request.Messages.Where(IsWanted)];
            long bytes = missing.Sum(MailboxState.Size);
            if (missing.Length > 0 && IsFull(batch, missing.Length, bytes))
            {
                next.Asker.Tell(new Refused(
                    RefusalReason.MailboxFull, "the mailbox is full until its owner fetches messages"));
                continue;
            }

            foreach (HeldMessage message in missing)
            {
                batch.Add(message);
            }

            batch.Askers.Add(next.Asker);
        }
    }

    /// <summary>Refuses everything that waits.</summary>
    public void RefuseAll(Refused refusal)
    {
        while (_waiting.TryDequeue(out (StoreMessages Request, IActorRef Asker) next))
        {
            next.Asker.Tell(refusal);
        }
    }

    /// <summary>What has expired is not: two holders would hand it to each other without end.</summary>
    private bool IsWanted(HeldMessage message) => !state.Contains(message.MessageId)
        && !state.IsGone(message.MessageId)
        && message.ExpiresUtcTicks >= (ulong)node.Time.GetUtcNow().UtcTicks;

    private bool IsFull(MailboxBatch batch, int messages, long bytes) =>
        state.Count + batch.Events.Count + messages > node.Options.MailboxMessagesMax
        || state.Bytes + batch.Bytes + bytes > node.Options.MailboxBytesMax
        || node.Counters.MailboxBytes + batch.Bytes + bytes > node.Options.MailboxBytesTotalMax;
}
