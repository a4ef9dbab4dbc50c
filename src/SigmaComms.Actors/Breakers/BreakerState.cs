namespace SigmaComms.Actors.Breakers;

/// <summary>What a breaker does with calls.</summary>
public enum BreakerState
{
    /// <summary>All calls pass.</summary>
    Closed,

    /// <summary>One call passes to find out whether the others may.</summary>
    HalfOpen,

    /// <summary>No call passes.</summary>
    Open,

    /// <summary>No call passes until somebody closes it by hand.</summary>
    Isolated,
}
