namespace SigmaComms.Actors.Breakers;

/// <summary>A breaker did not let a call pass: what it protects was never touched.</summary>
public sealed class BreakerOpenException : Exception
{
    /// <summary>Without a message.</summary>
    public BreakerOpenException()
    {
    }

    /// <summary>With a message.</summary>
    /// <param name="message">Which breaker it is and how long it stays open.</param>
    public BreakerOpenException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    /// <param name="message">Which breaker it is and how long it stays open.</param>
    /// <param name="innerException">The failure that opened it.</param>
    public BreakerOpenException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal BreakerOpenException(string breaker, BreakerState state, TimeSpan retryAfter, Exception? cause)
        : this($"Breaker '{breaker}' is {state}; try again in {retryAfter.TotalSeconds:f1} s.", cause)
    {
        Breaker = breaker;
        State = state;
        RetryAfter = retryAfter;
    }

    /// <summary>Name of the breaker.</summary>
    public string Breaker { get; } = "";

    /// <summary>Its state: open, half-open with another call on its way, or isolated.</summary>
    public BreakerState State { get; } = BreakerState.Open;

    /// <summary>When a call may pass again; zero if nobody knows.</summary>
    public TimeSpan RetryAfter { get; }
}
