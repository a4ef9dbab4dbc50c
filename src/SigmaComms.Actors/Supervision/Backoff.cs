namespace SigmaComms.Actors.Supervision;

/// <summary>Growing waits before restarts.</summary>
/// <param name="Min">The first wait.</param>
/// <param name="Max">The longest wait.</param>
/// <param name="Jitter">0 to 1: how much longer, at random, a wait may be.</param>
/// <param name="ResetAfter">After so long without a failure the waits begin anew.</param>
public sealed record Backoff(TimeSpan Min, TimeSpan Max, double Jitter, TimeSpan ResetAfter)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>The first wait.</summary>
    public TimeSpan Min { get; } = Min >= TimeSpan.Zero ? Min : throw new ArgumentOutOfRangeException(nameof(Min));

    /// <summary>The longest wait, jitter not counted; 30 days at most.</summary>
    public TimeSpan Max { get; } = Max < Min
        ? throw new ArgumentOutOfRangeException(nameof(Max))
        : TimeSpan.FromTicks(Math.Min(Max.Ticks, Longest.Ticks));

    /// <summary>0 to 1: how much longer, at random, a wait may be.</summary>
    public double Jitter { get; } =
        Jitter is >= 0 and <= 1 ? Jitter : throw new ArgumentOutOfRangeException(nameof(Jitter));

    /// <summary>The wait before a restart.</summary>
    /// <param name="restart">1 for the first restart in a row.</param>
    /// <param name="fraction">0 to 1, random: how much of the jitter to add.</param>
    public TimeSpan Delay(int restart, double fraction)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(restart, 1);
        double factor = Math.Pow(2, Math.Min(restart - 1, 30));
        double ticks = Math.Min(Max.Ticks, Min.Ticks * factor);
        return TimeSpan.FromTicks((long)(ticks * (1 + (Jitter * fraction))));
    }
}
