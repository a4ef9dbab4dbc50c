namespace SigmaComms.Actors;

/// <summary>An actor could not be made or started.</summary>
public sealed class ActorInitializationException : Exception
{
    /// <summary>Without a message.</summary>
    public ActorInitializationException()
    {
    }

    /// <summary>With a message.</summary>
    /// <param name="message">What happened.</param>
    public ActorInitializationException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public ActorInitializationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
