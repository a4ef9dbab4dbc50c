using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>One mailbox's journal with this process as its only writer.</summary>
internal sealed class MailboxJournal
{
    /// <summary>How the ids of all mailboxes begin.</summary>
    public const string Prefix = "mailbox/";

    private readonly IJournal _journal;
    private readonly string _id;
    private long? _epoch;

    private MailboxJournal(IJournal journal, string id, long sequence)
    {
        _journal = journal;
        _id = id;
        Sequence = sequence;
    }

    /// <summary>The highest sequence stored.</summary>
    public long Sequence { get; private set; }

    public static string IdOf(NodeId device) => Prefix + device;

    /// <summary>
    /// Replays what is stored into the state. Writes nothing: a mailbox can be read while the disk is full.
    /// </summary>
    public static async ValueTask<MailboxJournal> OpenAsync(
        IJournal journal, NodeId device, MailboxState state, CancellationToken ct)
    {
        string id = IdOf(device);
        await foreach (JournalEvent stored in journal.ReplayAsync(id, 0, ct))
        {
            if (stored.TypeId == MailboxEvents.Stored)
            {
                state.Add(MailboxEvents.ReadStored(stored.Payload), stored.Sequence, TimeSpan.Zero);
                continue;
            }

            Invariant.Holds(stored.TypeId == MailboxEvents.Gone);
            foreach (Digest16 gone in MailboxEvents.ReadGone(stored.Payload))
            {
                state.Remove(gone);
                state.RememberGone(gone);
            }
        }

        return new MailboxJournal(journal, id, await journal.HighestSequenceAsync(id, ct));
    }

    /// <summary>Stores the events; the caller makes sure that one append runs at a time.</summary>
    /// <returns>The sequence of the first event, and null or why nothing was stored.</returns>
    /// <exception cref="JournalException">The world failed; nothing was stored.</exception>
    /// <exception cref="InvalidOperationException">What is stored is not known: recover from the journal.</exception>
    public async Task<(long First, string? Rejected)> AppendAsync(IReadOnlyList<NewEvent> events, CancellationToken ct)
    {
        // The first write fences older writers; one that got in before is found by the expected sequence.
        _epoch ??= await _journal.AcquireEpochAsync(_id, ct);
        long first = Sequence + 1;
        AppendResult result = await _journal.AppendAsync(_id, Sequence, _epoch.Value, events, ct);
        switch (result.Status)
        {
            case AppendStatus.Stored:
                Sequence = result.HighestSequence;
                return (first, null);
            case AppendStatus.Rejected:
                return (first, result.Reason ?? "rejected");
            default:
                throw new InvalidOperationException($"{_id}: {result.Status}, {result.Reason}");
        }
    }

    /// <summary>Deletes everything up to and with a sequence.</summary>
    public async Task<long> DeleteToAsync(long sequence, CancellationToken ct)
    {
        await _journal.DeleteToAsync(_id, sequence, ct);
        return sequence;
    }
}
