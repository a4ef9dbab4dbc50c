namespace SigmaComms.Actors;

/// <summary>No answer came within the time-out of an ask.</summary>
public sealed class AskTimeoutException : Exception
{
    /// <summary>Without a message.</summary>
    public AskTimeoutException()
    {
    }

    /// <summary>With a message.</summary>
    /// <param name="message">What happened.</param>
    public AskTimeoutException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public AskTimeoutException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
