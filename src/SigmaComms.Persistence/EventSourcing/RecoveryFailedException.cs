namespace SigmaComms.Persistence.EventSourcing;

/// <summary>An actor could not be brought to its last state. It has not started and has handled no command.</summary>
public sealed class RecoveryFailedException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="persistenceId">Whose recovery.</param>
    /// <param name="lastSequence">The last event that was applied.</param>
    /// <param name="reason">Why, for programs.</param>
    /// <param name="why">Why, for people.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public RecoveryFailedException(
        string persistenceId, long lastSequence, RecoveryFailure reason, string why, Exception? inner = null)
        : base($"'{persistenceId}' was recovered up to event {lastSequence} and no further: {why}", inner)
    {
        PersistenceId = persistenceId;
        LastSequence = lastSequence;
        Reason = reason;
    }

    /// <summary>Whose recovery.</summary>
    public string PersistenceId { get; }

    /// <summary>The last event that was applied.</summary>
    public long LastSequence { get; }

    /// <summary>Why it failed.</summary>
    public RecoveryFailure Reason { get; }
}
