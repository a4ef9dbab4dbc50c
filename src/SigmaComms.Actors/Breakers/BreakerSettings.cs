using SigmaComms.Actors.Supervision;

namespace SigmaComms.Actors.Breakers;

/// <summary>When a breaker opens and how long it stays open; checked when the breaker is made.</summary>
/// <param name="Name">Unique among the breakers of its owner; in health, events and logs.</param>
public sealed record BreakerSettings(string Name)
{
    private static readonly TimeSpan ShortestWindow = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>The part of the calls in the window that must fail, above 0 to 1. Default 0.5.</summary>
    public double FailureRatio { get; init; } = 0.5;

    /// <summary>Calls in the window below which it does not open, at least 2. Default 10.</summary>
    public int CallsMin { get; init; } = 10;

    /// <summary>The window, half a second to a day. Default 10 s.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long it stays open: longer each time it opens again, until it has been closed for
    /// <see cref="Backoff.ResetAfter"/>. Default 1 s to 30 s with a tenth of jitter, anew after 10 s.
    /// </summary>
    public Backoff Break { get; init; } =
        new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), 0.1, TimeSpan.FromSeconds(10));

    /// <summary>A call that lasts longer has failed, up to a day; null for no limit. Default 10 s.</summary>
    public TimeSpan? CallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Which exceptions count as failures. Default: all. What the caller cancelled never counts.
    /// </summary>
    public Func<Exception, bool> IsFailure { get; init; } = static _ => true;

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Name);
        ArgumentNullException.ThrowIfNull(Break);
        ArgumentNullException.ThrowIfNull(IsFailure);
        Require(FailureRatio is > 0 and <= 1, nameof(FailureRatio));
        Require(CallsMin >= 2, nameof(CallsMin));
        Require(Window >= ShortestWindow && Window <= Longest, nameof(Window));
        Require(CallTimeout is not { } limit || (limit > TimeSpan.Zero && limit <= Longest), nameof(CallTimeout));
    }

    private static void Require(bool holds, string setting)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(setting);
        }
    }
}
