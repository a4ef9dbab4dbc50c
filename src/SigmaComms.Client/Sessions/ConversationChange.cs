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

    /// <summary>Start of a compacted state: the counters.</summary>
    public sealed record Restored(ulong NextSent, ulong NextReceived, ulong AcknowledgedToPeer) : ConversationChange;

    /// <summary>The ratchet's state after everything else in the commit.</summary>
    public sealed record SessionMoved(ReadOnlyMemory<byte> State) : ConversationChange;

    /// <summary>A message was sealed.</summary>
    public sealed record Sealed(
        Digest16 Id, EnvelopeKind Kind, ulong Counter, ulong Acknowledged, ReadOnlyMemory<byte> Bytes)
        : ConversationChange;

    /// <summary>The cluster has the message.</summary>
    public sealed record Accepted(Digest16 Id, long UnixMs) : ConversationChange;

    /// <summary>The peer has everything up to the counter.</summary>
    public sealed record PeerAcknowledged(ulong UpTo) : ConversationChange;

    /// <summary>A message came in.</summary>
    public sealed record Arrived(InboxItem Item) : ConversationChange;

    /// <summary>The application has the message.</summary>
    public sealed record Marked(ulong Counter) : ConversationChange;

    /// <summary>Private prekeys that this conversation used up and that must go.</summary>
    public sealed record PrekeysSpent(SpentPrekeys Spent) : ConversationChange;

    /// <summary>The used-up prekeys are gone.</summary>
    public sealed record PrekeysForgotten : ConversationChange;
}
