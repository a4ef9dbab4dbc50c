using SigmaComms.Actors.Supervision;

namespace SigmaComms.Persistence.EventSourcing;

/// <summary>How the supervisor of event-sourced actors handles their failures.</summary>
public static class RecoveringStrategy
{
    /// <summary>Waits of 0.2 s to 30 s, begun anew after a quiet minute.</summary>
    public static Backoff UsualBackoff { get; } =
        new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30), 0.2, TimeSpan.FromMinutes(1));

    /// <summary>
    /// Each child for itself: what recovery can heal is restarted after a growing wait and without a limit of times;
    /// what it cannot heal stops.
    /// </summary>
    /// <param name="backoff">The waits; null for the usual ones.</param>
    public static SupervisorStrategy OneForOne(Backoff? backoff = null) =>
        new OneForOneStrategy(-1, TimeSpan.FromMinutes(1), Decide, backoff ?? UsualBackoff);

    /// <summary>
    /// Whether the store is away, slow or full, so that waiting heals it. Such a failure is not the actor's own and
    /// belongs into no limit of restarts (<see cref="SupervisorStrategy.Counts"/>): a database may be away for hours.
    /// </summary>
    /// <param name="cause">The failure, or one that has it inside.</param>
    public static bool IsOutage(Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return cause switch
        {
            JournalException failure => failure.Reason
                is not (JournalFailure.Gap or JournalFailure.Corrupt or JournalFailure.WrongFormat),
            RecoveryFailedException failure => failure.Reason == RecoveryFailure.Unavailable,
            PersistFailedException failure => failure.Status == AppendStatus.Unknown,
            { InnerException: { } inner } => IsOutage(inner),
            _ => false,
        };
    }

    /// <summary>What to do for which failure of an event-sourced actor.</summary>
    /// <param name="cause">The failure.</param>
    /// <returns>
    /// Stop for a fenced writer, which would take the journal back from its successor, and for a journal that cannot
    /// be read to its end; else restart.
    /// </returns>
    public static Directive Decide(Exception cause) => cause switch
    {
        PersistFailedException { Status: AppendStatus.Fenced } => Directive.Stop,
        RecoveryFailedException { Reason: not RecoveryFailure.Unavailable } => Directive.Stop,
        Actors.DeathPactException => Directive.Stop,
        _ => Directive.Restart,
    };
}
