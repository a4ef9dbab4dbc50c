using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Sessions;

/// <summary>
/// One durable fact of a conversation. A list of them is one commit; a longer list is the whole state.
/// </summary>
internal abstract record ConversationChange
{
    private ConversationChange()
    {
    }

    /// <summary>The ratchet's state after everything else in the commit.</summary>
    public sealed record SessionMoved(ReadOnlyMemory<byte> State) : ConversationChange;

    /// <summary>The cluster has the message that was deposited under this id.</summary>
    public sealed record Accepted(Digest16 DepositId, long UnixMs) : ConversationChange;

    /// <summary>The application has the message.</summary>
    public sealed record Marked(ulong Place) : ConversationChange;

    /// <summary>Private prekeys that this conversation used up and that must go.</summary>
    public sealed record PrekeysSpent(SpentPrekeys Spent) : ConversationChange;

    /// <summary>The used-up prekeys are gone.</summary>
    public sealed record PrekeysForgotten : ConversationChange;

    /// <summary>Start of a compacted state: streams and counters.</summary>
    public sealed record Restored(
        ulong Stream, ulong NextSent, ulong AcknowledgedToPeer, PeerStream Peer, IReadOnlyList<RetiredStream> Retired)
        : ConversationChange;

    /// <summary>This device begins to number what it says.</summary>
    public sealed record StreamBegun(ulong Stream) : ConversationChange;

    /// <summary>A message was sealed for the first time.</summary>
    public sealed record Sealed(
        Digest16 Id,
        EnvelopeKind Kind,
        ulong Counter,
        ulong SentUnixMs,
        ReadOnlyMemory<byte> Body,
        Ciphertext Ciphertext,
        ulong Acknowledged)
        : ConversationChange;

    /// <summary>A message was sealed again, since the peer lacks it.</summary>
    public sealed record SealedAgain(Digest16 Id, Ciphertext Ciphertext, ulong Acknowledged) : ConversationChange;

    /// <summary>In a compacted state: how far the message sealed before has got.</summary>
    public sealed record Underway(Digest16 Id, long? AcceptedUnixMs, long? ResendUnixMs) : ConversationChange;

    /// <summary>The peer has everything up to the counter.</summary>
    public sealed record PeerAcknowledged(ulong UpTo, long UnixMs) : ConversationChange;

    /// <summary>The peer told what it has beyond that, and whether it could not open something.</summary>
    public sealed record PeerReported(ulong Acknowledged, ReceiptReport Report, long UnixMs) : ConversationChange;

    /// <summary>The peer numbers what it says in a stream that was not known.</summary>
    public sealed record PeerBegan(ulong Stream, ulong Floor) : ConversationChange;

    /// <summary>The peer has nothing below this counter any more, and something of that is missing here.</summary>
    public sealed record PeerSkipped(ulong Floor) : ConversationChange;

    /// <summary>A message came in.</summary>
    public sealed record Arrived(ulong Stream, InboxItem Item) : ConversationChange;

    /// <summary>In a compacted state: a message that waits, for an earlier one or for the application.</summary>
    public sealed record Kept(InboxItem Item) : ConversationChange;
}
