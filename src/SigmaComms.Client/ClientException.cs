namespace SigmaComms.Client;

/// <summary>What the client could not do, why, and what to do about it.</summary>
public sealed class ClientException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="reason">Why, for programs.</param>
    /// <param name="message">What failed, why and what to do, for people.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public ClientException(ClientFailure reason, string message, Exception? inner = null)
        : base(message, inner) => Reason = reason;

    /// <summary>Why it failed.</summary>
    public ClientFailure Reason { get; }
}
