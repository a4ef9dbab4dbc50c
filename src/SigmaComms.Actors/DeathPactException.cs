namespace SigmaComms.Actors;

/// <summary>An actor that it watched has ended and it did not handle the notice.</summary>
public sealed class DeathPactException : Exception
{
    /// <summary>Without a message.</summary>
    public DeathPactException()
    {
    }

    /// <summary>With a message.</summary>
    /// <param name="message">What happened.</param>
    public DeathPactException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public DeathPactException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
