namespace SigmaComms.Actors.Supervision;

/// <summary>How a supervisor handles the failures of its children.</summary>
/// <param name="MaxRetries">Restarts of one child within the window; one more stops it. Negative: no limit.</param>
/// <param name="Within">The window.</param>
/// <param name="Decider">What to do for which failure.</param>
/// <param name="Backoff">Waits before restarts, or null for none.</param>
public abstract record SupervisorStrategy(
    int MaxRetries, TimeSpan Within, Func<Exception, Directive> Decider, Backoff? Backoff)
{
    /// <summary>Ten restarts a minute for each child, then stop; stop at once for a broken death pact.</summary>
    public static SupervisorStrategy Default { get; } = new OneForOneStrategy(
        10, TimeSpan.FromMinutes(1),
        cause => cause is DeathPactException ? Directive.Stop : Directive.Restart);

    /// <summary>
    /// Whether a failure counts among the retries. Default: each does. One that is not the child's own, as when a
    /// server is away, may be waited out without a limit; that needs a <see cref="Backoff"/>.
    /// </summary>
    public Func<Exception, bool> Counts { get; init; } = static _ => true;

    /// <summary>Whether the failure of one child is taken as the failure of all.</summary>
    internal abstract bool AllChildren { get; }
}
