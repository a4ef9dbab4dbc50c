namespace SigmaComms.Persistence;

/// <summary>The world failed under a journal. The message says what failed, why, and what to do.</summary>
public sealed class JournalException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="reason">Why, for programs.</param>
    /// <param name="message">What failed, why and what to do, for people.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public JournalException(JournalFailure reason, string message, Exception? inner = null)
        : base(message, inner) => Reason = reason;

    /// <summary>Why it failed.</summary>
    public JournalFailure Reason { get; }
}
