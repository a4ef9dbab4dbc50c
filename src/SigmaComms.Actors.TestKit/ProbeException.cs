namespace SigmaComms.Actors.TestKit;

/// <summary>A probe did not get what the test expected.</summary>
public sealed class ProbeException : Exception
{
    /// <summary>Without a message.</summary>
    public ProbeException()
    {
    }

    /// <summary>With a message.</summary>
    /// <param name="message">What was expected and what came.</param>
    public ProbeException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    /// <param name="message">What was expected and what came.</param>
    /// <param name="innerException">The cause.</param>
    public ProbeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
