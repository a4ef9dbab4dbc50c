namespace SigmaComms.Actors;

/// <summary>The asked actor ended before it answered.</summary>
public sealed class AskTargetTerminatedException : Exception
{
    /// <summary>Without a message.</summary>
    public AskTargetTerminatedException()
    {
    }

    /// <summary>With a message.</summary>
    /// <param name="message">What happened.</param>
    public AskTargetTerminatedException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public AskTargetTerminatedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
