namespace SigmaComms.Actors.Supervision;

/// <summary>Only the failed child is treated.</summary>
/// <param name="MaxRetries">Restarts of one child within the window; one more stops it. Negative: no limit.</param>
/// <param name="Within">The window.</param>
/// <param name="Decider">What to do for which failure.</param>
/// <param name="Backoff">Waits before restarts, or null for none.</param>
public sealed record OneForOneStrategy(
    int MaxRetries, TimeSpan Within, Func<Exception, Directive> Decider, Backoff? Backoff = null)
    : SupervisorStrategy(MaxRetries, Within, Decider, Backoff)
{
    internal override bool AllChildren => false;
}
