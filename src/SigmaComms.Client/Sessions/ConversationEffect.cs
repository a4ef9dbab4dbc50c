using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Sessions;

/// <summary>What the host must do once the commit it belongs to is durable, in order.</summary>
internal abstract record ConversationEffect
{
    private ConversationEffect()
    {
    }

    /// <summary>The message is sealed and safe on this machine.</summary>
    public sealed record Stored(Digest16 Id) : ConversationEffect;

    /// <summary>The cluster has the message on two nodes.</summary>
    public sealed record Accepted(Digest16 Id) : ConversationEffect;

    /// <summary>The peer has the message.</summary>
    public sealed record Delivered(Digest16 Id) : ConversationEffect;

    /// <summary>Tell the mailbox that it may forget the message.</summary>
    public sealed record Acknowledge(Digest16 Id) : ConversationEffect;

    /// <summary>Hand the message to the application.</summary>
    public sealed record Deliver(InboxItem Item) : ConversationEffect;

    /// <summary>Remove these private prekeys for good, then say so with PrekeysForgotten.</summary>
    public sealed record ForgetPrekeys(SpentPrekeys Spent) : ConversationEffect;

    /// <summary>Tell the user that one side has lost what it had stored, and what that means.</summary>
    public sealed record HistoryLost(HistoryLoss Loss) : ConversationEffect;
}
