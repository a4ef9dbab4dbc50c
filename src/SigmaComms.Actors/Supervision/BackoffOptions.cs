namespace SigmaComms.Actors.Supervision;

/// <summary>How a back-off supervisor keeps its child alive.</summary>
/// <param name="Backoff">The waits before each start but the first.</param>
public sealed record BackoffOptions(Backoff Backoff)
{
    /// <summary>Starts in a row after the first; one more ends the supervisor. Negative: no limit.</summary>
    public int MaxRetries { get; init; } = -1;

    /// <summary>
    /// What to do when the child fails. By default it begins anew after the wait; a broken death pact ends it.
    /// </summary>
    public Func<Exception, Directive> Decider { get; init; } = static cause =>
        cause is DeathPactException ? Directive.Stop : Directive.Restart;

    /// <summary>
    /// Whether a child that ends is started again too, as a new actor with an empty mailbox. Default: no; the
    /// supervisor ends with its child.
    /// </summary>
    public bool StartAgainWhenStopped { get; init; }

    /// <summary>
    /// With <see cref="StartAgainWhenStopped"/>: the message that the child may end after. Default: none.
    /// </summary>
    public Func<object, bool> IsFinalStop { get; init; } = static _ => false;

    /// <summary>
    /// With <see cref="StartAgainWhenStopped"/>: the answer to messages while there is no child; null makes them dead
    /// letters. Default: null.
    /// </summary>
    public object? ReplyWhileStopped { get; init; }

    /// <summary>Whether the waits begin anew only when the child says so. Default: by the back-off's time.</summary>
    public bool ResetsByHand { get; init; }
}
