using SigmaComms.Messaging.Links;

namespace SigmaComms.Transport.Links;

/// <summary>A request over a link failed. The message says what failed and why.</summary>
public sealed class LinkException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="reason">Why, for programs.</param>
    /// <param name="message">What failed and why, for people.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public LinkException(LinkFailure reason, string message, Exception? inner = null)
        : base(message, inner) => Reason = reason;

    /// <summary>Makes one from the peer's refusal.</summary>
    /// <param name="refusal">What the peer answered.</param>
    public LinkException(Refused refusal)
        : base($"{refusal?.Reason}: {refusal?.Detail}")
    {
        ArgumentNullException.ThrowIfNull(refusal);
        Reason = LinkFailure.Refused;
        Refusal = refusal;
    }

    /// <summary>Why it failed.</summary>
    public LinkFailure Reason { get; }

    /// <summary>The peer's refusal, if it refused.</summary>
    public Refused? Refusal { get; }
}
