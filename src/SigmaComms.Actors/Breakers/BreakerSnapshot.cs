namespace SigmaComms.Actors.Breakers;

/// <summary>One breaker at a moment, in its owner's health.</summary>
/// <param name="Name">Which one.</param>
/// <param name="State">What it does with calls.</param>
/// <param name="NotClosedSince">When it opened for the first time since it was closed; null while it is closed.</param>
/// <param name="NotClosedFor">How long that is.</param>
/// <param name="RetryAfter">How long no call passes; zero unless it is open.</param>
/// <param name="Opened">How often it opened.</param>
/// <param name="Rejected">Calls that did not pass.</param>
/// <param name="LastError">Type and message of the last failure, or null.</param>
public sealed record BreakerSnapshot(
    string Name,
    BreakerState State,
    DateTimeOffset? NotClosedSince,
    TimeSpan NotClosedFor,
    TimeSpan RetryAfter,
    long Opened,
    long Rejected,
    string? LastError);
