namespace SigmaComms.Actors.TestKit.Exploration;

/// <summary>A run of a scenario went wrong in a way that no assertion of its own says.</summary>
public sealed class ScenarioFaultException : Exception
{
    /// <summary>Without a message.</summary>
    public ScenarioFaultException()
    {
    }

    /// <summary>With a message.</summary>
    /// <param name="message">What went wrong.</param>
    public ScenarioFaultException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">The cause.</param>
    public ScenarioFaultException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal FaultKind Kind { get; init; }

    /// <summary>Whether two runs went wrong in the same way, though perhaps with other words.</summary>
    internal static bool AreAlike(Exception? one, Exception? other) =>
        one?.GetType() == other?.GetType()
        && (one as ScenarioFaultException)?.Kind == (other as ScenarioFaultException)?.Kind
        && one?.InnerException?.GetType() == other?.InnerException?.GetType();
}
