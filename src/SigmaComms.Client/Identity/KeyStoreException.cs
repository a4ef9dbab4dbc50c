namespace SigmaComms.Client.Identity;

/// <summary>A key store cannot be used. The message says why, and what to do; it holds no secret.</summary>
public sealed class KeyStoreException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="reason">Why, for programs.</param>
    /// <param name="message">Why and what to do, for people.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public KeyStoreException(KeyStoreFailure reason, string message, Exception? inner = null)
        : base(message, inner) => Reason = reason;

    /// <summary>Why.</summary>
    public KeyStoreFailure Reason { get; }
}
