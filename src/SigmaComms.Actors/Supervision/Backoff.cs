namespace SigmaComms.Actors.Supervision;

/// <summary>Growing waits before restarts.</summary>
/// <param name="Min">The first wait.</param>
/// <param name="Max">The longest wait.</param>
/// <param name="Jitter">0 to 1: how much longer, at random, a wait may be.</param>
/// <param name="ResetAfter">After so long without a failure the waits begin anew.</param>
public sealed record Backoff(TimeSpan Min, TimeSpan Max, double Jitter, TimeSpan ResetAfter)
{
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
