namespace SigmaComms.Actors.Breakers;

/// <summary>
/// Published when a breaker opened, half-opened, closed or was isolated. The runtime writes it to its log only where
/// nobody takes the event.
/// </summary>
/// <param name="Owner">Whose it is.</param>
/// <param name="Name">Which one.</param>
/// <param name="From">What it did before.</param>
/// <param name="To">What it does now.</param>
/// <param name="At">When.</param>
/// <param name="RetryAfter">When it opened: how long no call passes; else zero.</param>
/// <param name="Cause">When it opened: type and message of the last failure; else null.</param>
/// <param name="OwnerType">Type of the owner.</param>
public sealed record BreakerChanged(
    ActorPath Owner,
    string Name,
    BreakerState From,
    BreakerState To,
    DateTimeOffset At,
    TimeSpan RetryAfter,
    string? Cause,
    string OwnerType);
