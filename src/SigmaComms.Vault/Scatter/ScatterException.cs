namespace SigmaComms.Vault.Scatter;

/// <summary>A stripe could not be written so that it would survive.</summary>
public sealed class ScatterException : Exception
{
    /// <summary>Says so.</summary>
    public ScatterException()
        : this("A stripe could not be written.")
    {
    }

    /// <summary>Says what happened.</summary>
    /// <param name="message">For people; no secrets.</param>
    public ScatterException(string message)
        : base(message)
    {
    }

    /// <summary>Says what happened and why.</summary>
    /// <param name="message">For people; no secrets.</param>
    /// <param name="innerException">Why.</param>
    public ScatterException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Says which nodes did not take which fragments.</summary>
    /// <param name="message">For people; no secrets.</param>
    /// <param name="faults">What each node answered.</param>
    public ScatterException(string message, IReadOnlyList<FragmentFault> faults)
        : base(message) => Faults = faults;

    /// <summary>What each node answered.</summary>
    public IReadOnlyList<FragmentFault> Faults { get; } = [];
}
