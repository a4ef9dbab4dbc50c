namespace SigmaComms.Actors.TestKit.Exploration;

/// <summary>An exploration found a fault; the message says how to repeat it.</summary>
public sealed class ExplorationException : Exception
{
    /// <summary>Without a message.</summary>
    public ExplorationException()
    {
    }

    /// <summary>With a message.</summary>
    /// <param name="message">What went wrong.</param>
    public ExplorationException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">The cause.</param>
    public ExplorationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
