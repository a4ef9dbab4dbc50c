namespace SigmaComms.Actors.Supervision;

/// <summary>All children are treated when one fails.</summary>
/// <param name="MaxRetries">Restarts within the window; one more stops them. Negative: no limit.</param>
/// <param name="Within">The window.</param>
/// <param name="Decider">What to do for which failure.</param>
/// <param name="Backoff">Waits before restarts, or null for none.</param>
public sealed record AllForOneStrategy(
    int MaxRetries, TimeSpan Within, Func<Exception, Directive> Decider, Backoff? Backoff = null)
    : SupervisorStrategy(MaxRetries, Within, Decider, Backoff)
{
    internal override bool AllChildren => true;
}
