namespace SigmaComms.Actors;

/// <summary>An actor put more messages aside than the stash holds.</summary>
public sealed class StashOverflowException : Exception
{
    /// <summary>Without a message.</summary>
    public StashOverflowException()
    {
    }

    /// <summary>With a message.</summary>
    /// <param name="message">What happened.</param>
    public StashOverflowException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public StashOverflowException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
