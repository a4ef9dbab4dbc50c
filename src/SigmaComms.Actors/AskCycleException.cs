namespace SigmaComms.Actors;

/// <summary>The ask would wait for an actor that is itself waiting for this one.</summary>
public sealed class AskCycleException : Exception
{
    /// <summary>Without a message.</summary>
    public AskCycleException()
    {
    }

    /// <summary>With a message.</summary>
    /// <param name="message">What happened.</param>
    public AskCycleException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public AskCycleException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
