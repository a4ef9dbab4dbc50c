using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>
/// Keeps a mailbox's journal short: which acknowledged messages are still in it, how far it can be deleted, and when
/// messages that nobody fetches must move out of the way. Pure; belongs to the mailbox's actor.
/// </summary>
internal sealed class MailboxCompaction(MailboxState state)
{
    private const int RewriteMax = 200;
    private const long RewriteBytesMax = 1 << 20;
    private const int DeadMax = 1_000;
    private const int IdsPerEvent = 4_096;

    private readonly Dictionary<Digest16, long> _unwritten = [];
    private readonly Dictionary<Digest16, long> _inAppend = [];
    private IReadOnlyList<HeldMessage> _moving = [];
    private long _deletedTo;

    /// <summary>Whether the next append shall hold what this knows.</summary>
    public bool IsDue { get; set; }

    /// <summary>Whether messages are gone that the journal still has as live.</summary>
    public bool IsPending => _unwritten.Count > 0 || _inAppend.Count > 0 || IsDue;

    /// <summary>A message is gone that the journal holds at this sequence.</summary>
    public void NoteGone(Digest16 id, long sequence) => _unwritten[id] = sequence;

    /// <summary>What went into the last append is durable.</summary>
    public void NoteWritten() => _inAppend.Clear();

    /// <summary>Nothing of the last append was stored: what it should have said is still to be said.</summary>
    public void NoteNotWritten()
    {
        foreach ((Digest16 id, long sequence) in _inAppend)
        {
            _unwritten.TryAdd(id, sequence);
        }

        _inAppend.Clear();
    }

    /// <summary>Everything up to and with this sequence is deleted.</summary>
    public void NoteDeleted(long sequence) => _deletedTo = Math.Max(_deletedTo, sequence);

    /// <summary>
    /// Messages that nobody fetches and that hold up the deletion of later ones: to be read, and moved to the end.
    /// </summary>
    /// <param name="journalSequence">The highest sequence of the journal.</param>
    public IReadOnlyList<MailboxEntry> ToMove(long journalSequence)
    {
        var moving = new List<MailboxEntry>();
        if (state.Count == 0 || journalSequence - _deletedTo - state.Count <= state.Count + DeadMax)
        {
            return moving;
        }

        long bytes = 0;
        foreach (MailboxEntry entry in state.Entries.Take(RewriteMax).TakeWhile(_ => bytes < RewriteBytesMax))
        {
            moving.Add(entry);
            bytes += entry.Size;
        }

        return moving;
    }

    /// <summary>The next append shall move these messages.</summary>
    public void Move(IReadOnlyList<HeldMessage> messages)
    {
        _moving = messages;
        IsDue = true;
    }

    /// <summary>
    /// Adds what is due to an append, whose end must be told with <see cref="NoteWritten"/> or
    /// <see cref="NoteNotWritten"/>.
    /// </summary>
    public void AddTo(MailboxBatch batch)
    {
        IsDue = false;
        long lowest = state.LowestSequence ?? long.MaxValue;

        // What came again meanwhile is at a new place, and the journal must not say after it that it has left.
        Digest16[] behind = [.. _unwritten
            .Where(gone => gone.Value > lowest && !state.Contains(gone.Key)).Select(gone => gone.Key)];
        foreach (Digest16[] page in behind.Where(state.IsGone).Chunk(IdsPerEvent))
        {
            batch.AddNotice(MailboxEvents.ForGone(page));
        }

        foreach (Digest16[] page in behind.Where(id => !state.IsGone(id)).Chunk(IdsPerEvent))
        {
            batch.AddNotice(MailboxEvents.ForLeft(page));
        }

        foreach ((Digest16 id, long sequence) in _unwritten)
        {
            _inAppend[id] = sequence;
        }

        _unwritten.Clear();
        foreach (HeldMessage message in _moving.Where(message => state.Contains(message.MessageId)))
        {
            batch.Add(message);
        }

        _moving = [];
    }

    /// <summary>Up to where the journal can be deleted; null if there is nothing to delete.</summary>
    /// <param name="journalSequence">The highest sequence of the journal.</param>
    public long? DeletableTo(long journalSequence)
    {
        long to = state.LowestSequence - 1 ?? journalSequence;
        return to > _deletedTo ? to : null;
    }
}
