namespace SigmaComms.Actors.Breakers;

/// <summary>What became of a call through a breaker.</summary>
/// <typeparam name="T">Type of its result.</typeparam>
/// <param name="Passed">Whether the call was made; if not, <paramref name="Value"/> is the default.</param>
/// <param name="Value">Its result.</param>
/// <param name="RetryAfter">If it was not made: when a call may pass again.</param>
public readonly record struct BreakerOutcome<T>(bool Passed, T? Value, TimeSpan RetryAfter);
