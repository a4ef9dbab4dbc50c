namespace SigmaComms.Client.Sessions;

/// <summary>
/// What is durable of a conversation beside the ratchet: the same changes in the same order give the same.
/// </summary>
internal sealed class ConversationState
{
    private readonly List<SpentPrekeys> _spent = [];

    /// <summary>What waits to reach the peer.</summary>
    public Outbox Outbox { get; } = new();

    /// <summary>What came and waits for the application.</summary>
    public Inbox Inbox { get; } = new();

    /// <summary>Private prekeys that were used up and are not yet deleted.</summary>
    public IReadOnlyList<SpentPrekeys> Spent => _spent;

    /// <summary>The counter up to which the peer was told that everything is here.</summary>
    public ulong AcknowledgedToPeer { get; private set; }

    /// <summary>What the peer may be told is here.</summary>
    public StreamAcknowledgement Acknowledgement => new(Inbox.Stream, Inbox.NextCounter - 1);

    /// <summary>Makes one change.</summary>
    /// <returns>What follows from it, in order.</returns>
    public IEnumerable<ConversationEffect> Apply(ConversationChange change)
    {
        switch (change)
        {
            case ConversationChange.Restored c:
                Outbox.Restore(c.Stream, c.NextSent);
                Inbox.Restore(c.Peer.Stream, c.Peer.NextCounter, c.Peer.NextPlace, c.Retired);
                AcknowledgedToPeer = c.AcknowledgedToPeer;
                return [];
            case ConversationChange.PeerAcknowledged c:
                return Outbox.Acknowledge(c.UpTo, c.UnixMs).Select(static id => new ConversationEffect.Delivered(id));
            case ConversationChange.PeerBegan c:
                return Began(c);
            case ConversationChange.PeerSkipped c:
                return [new ConversationEffect.HistoryLost(HistoryLoss.Own), .. Delivers(Inbox.SkipTo(c.Floor))];
            case ConversationChange.Arrived c:
                return Delivers(Inbox.Add(c.Stream, c.Item));
            case ConversationChange.Accepted c:
                return Outbox.Accept(c.DepositId, c.UnixMs) is { } id ? [new ConversationEffect.Accepted(id)] : [];
            default:
                ApplyQuietly(change);
                return [];
        }
    }

    /// <summary>The whole state as changes that need none before them.</summary>
    public IEnumerable<ConversationChange> ToChanges()
    {
        yield return new ConversationChange.Restored(
            Outbox.Stream,
            Outbox.NextCounter,
            AcknowledgedToPeer,
            new PeerStream(Inbox.Stream, Inbox.NextCounter, Inbox.NextPlace),
            Inbox.Retired);
        foreach (OutboxEntry entry in Outbox.Entries)
        {
            yield return new ConversationChange.Sealed(
                entry.Id, entry.Kind, entry.Counter, entry.SentUnixMs, entry.Body, entry.Ciphertext, 0);
            if (entry.AcceptedUnixMs is not null)
            {
                yield return new ConversationChange.Underway(entry.Id, entry.AcceptedUnixMs, entry.ResendUnixMs);
            }
        }

        foreach (InboxItem item in Inbox.Ready.Concat(Inbox.HeldItems))
        {
            yield return new ConversationChange.Kept(item);
        }

        foreach (SpentPrekeys spent in _spent)
        {
            yield return new ConversationChange.PrekeysSpent(spent);
        }
    }

    private void ApplyQuietly(ConversationChange change)
    {
        switch (change)
        {
            case ConversationChange.StreamBegun c:
                Outbox.Restore(c.Stream, 1);
                break;
            case ConversationChange.Sealed c:
                Outbox.Add(new OutboxEntry(c.Id, c.Kind, c.Counter, c.SentUnixMs, c.Body, c.Ciphertext));
                AcknowledgedToPeer = Math.Max(AcknowledgedToPeer, c.Acknowledged);
                break;
            case ConversationChange.SealedAgain c:
                Outbox.Replace(c.Id, c.Ciphertext);
                AcknowledgedToPeer = Math.Max(AcknowledgedToPeer, c.Acknowledged);
                break;
            case ConversationChange.Underway c:
                Outbox.PutBack(c.Id, c.AcceptedUnixMs, c.ResendUnixMs);
                break;
            case ConversationChange.PeerReported c:
                Outbox.NoteReport(c.Report, c.UnixMs);
                break;
            case ConversationChange.Marked c:
                Inbox.Mark(c.Place);
                break;
            case ConversationChange.Kept c:
                Inbox.PutBack(c.Item);
                break;
            case ConversationChange.PrekeysSpent c:
                _spent.Add(c.Spent);
                break;
            case ConversationChange.PrekeysForgotten:
                _spent.Clear();
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private IEnumerable<ConversationEffect> Began(ConversationChange.PeerBegan began)
    {
        bool isFirst = Inbox.Stream == 0;
        bool isLoss = !isFirst || began.Floor > 1;
        IReadOnlyList<InboxItem> ready = Inbox.Begin(began.Stream, began.Floor);
        AcknowledgedToPeer = began.Floor - 1;
        return isLoss
            ? [new ConversationEffect.HistoryLost(isFirst ? HistoryLoss.Own : HistoryLoss.Peer), .. Delivers(ready)]
            : Delivers(ready);
    }

    private static IEnumerable<ConversationEffect> Delivers(IReadOnlyList<InboxItem> ready) =>
        ready.Select(static item => new ConversationEffect.Deliver(item));
}
