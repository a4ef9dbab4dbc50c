using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence;
using SigmaComms.Persistence.EventSourcing;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>One mailbox's journal with this process as its only writer.</summary>
internal sealed class MailboxJournal
{
    /// <summary>How the ids of all mailboxes begin.</summary>
    public const string Prefix = "mailbox/";

    private readonly IJournal _journal;
    private readonly ISnapshotStore _snapshots;
    private readonly string _id;
    private long? _epoch;
    private long _savedGone;

    private MailboxJournal(IJournal journal, ISnapshotStore snapshots, string id, long sequence, long savedGone)
    {
        _journal = journal;
        _snapshots = snapshots;
        _id = id;
        Sequence = sequence;
        _savedGone = savedGone;
    }

    /// <summary>The highest sequence stored.</summary>
    public long Sequence { get; private set; }

    public static string IdOf(NodeId device) => Prefix + device;

    /// <summary>
    /// Replays what is stored into the state. Writes nothing: a mailbox can be read while the disk is full.
    /// </summary>
    public static async ValueTask<MailboxJournal> OpenAsync(
        IJournal journal, ISnapshotStore snapshots, NodeId device, MailboxState state, CancellationToken ct)
    {
        string id = IdOf(device);
        Snapshot? gone = await snapshots.LoadAsync(id, ct);
        Invariant.Holds(gone is null || gone.TypeId == MailboxEvents.GoneSnapshot);
        foreach (Digest16 message in MailboxEvents.ReadIds(gone?.Payload ?? default))
        {
            state.RememberGone(message);
        }

        long savedGone = state.GoneVersion;
        await foreach (JournalEvent stored in journal.ReplayAsync(id, 0, ct))
        {
            Replay(state, stored, gone?.Sequence ?? 0);
        }

        long sequence = await journal.HighestSequenceAsync(id, ct);
        return new MailboxJournal(journal, snapshots, id, sequence, savedGone);
    }

    /// <summary>Stores the events; the caller makes sure that one append runs at a time.</summary>
    /// <returns>The sequence of the first event, and null or why nothing was stored.</returns>
    /// <exception cref="JournalException">The world failed; nothing was stored.</exception>
    /// <exception cref="PersistFailedException">What is stored is not known: recover from the journal.</exception>
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
                throw new PersistFailedException(_id, result.Status, result.Reason);
        }
    }

    /// <summary>Reads messages back; nothing of this mailbox may be deleted meanwhile.</summary>
    /// <param name="sequences">Where they are, in ascending order; at least one.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="JournalException">The world failed.</exception>
    public async Task<IReadOnlyList<HeldMessage>> ReadAsync(IReadOnlyList<long> sequences, CancellationToken ct)
    {
        var found = new List<HeldMessage>(sequences.Count);
        await foreach (JournalEvent stored in _journal.ReplayAsync(_id, sequences[0], ct))
        {
            if (stored.Sequence == sequences[found.Count])
            {
                Invariant.Holds(stored.TypeId == MailboxEvents.Stored);
                found.Add(MailboxEvents.ReadStored(stored.Payload));
            }

            if (found.Count == sequences.Count)
            {
                break;
            }
        }

        Invariant.Holds(found.Count == sequences.Count);
        return found;
    }

    /// <summary>Deletes everything up to and with a sequence.</summary>
    public async Task<long> DeleteToAsync(long sequence, CancellationToken ct)
    {
        await _journal.DeleteToAsync(_id, sequence, ct);
        return sequence;
    }

    /// <summary>
    /// Keeps the ids that are gone, so that the mailbox knows them when it wakes up. A mailbox that never kept a
    /// message leaves nothing behind.
    /// </summary>
    /// <returns>Null, or why they could not be written.</returns>
    public async ValueTask<string?> SaveGoneAsync(MailboxState state, CancellationToken ct)
    {
        if (Sequence == 0 || state.GoneVersion == _savedGone)
        {
            return null;
        }

        try
        {
            await _snapshots.SaveAsync(_id, MailboxEvents.SnapshotOfGone(state.Gone, Sequence), ct);
            _savedGone = state.GoneVersion;
            return null;
        }
        catch (JournalException error)
        {
            return error.Message;
        }
    }

    private static void Replay(MailboxState state, JournalEvent stored, long snapshotSequence)
    {
        if (stored.TypeId is MailboxEvents.Gone or MailboxEvents.Left)
        {
            foreach (Digest16 id in MailboxEvents.ReadIds(stored.Payload))
            {
                state.Remove(id);
                if (stored.TypeId == MailboxEvents.Gone)
                {
                    state.RememberGone(id);
                }
            }

            return;
        }

        Invariant.Holds(stored.TypeId == MailboxEvents.Stored);
        HeldMessage message = MailboxEvents.ReadStored(stored.Payload);
        if (stored.Sequence > snapshotSequence || !state.IsGone(message.MessageId))
        {
            state.Add(message, stored.Sequence, TimeSpan.Zero);
        }
    }
}
