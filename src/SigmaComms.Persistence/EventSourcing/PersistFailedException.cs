namespace SigmaComms.Persistence.EventSourcing;

/// <summary>Events were not confirmed. After anything but a rejection the actor must recover.</summary>
public sealed class PersistFailedException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="persistenceId">Whose events.</param>
    /// <param name="status">What the journal said; never <see cref="AppendStatus.Stored"/>.</param>
    /// <param name="reason">Why, for people.</param>
    public PersistFailedException(string persistenceId, AppendStatus status, string? reason)
        : base($"Events of '{persistenceId}' were not confirmed ({status}): {reason}")
    {
        PersistenceId = persistenceId;
        Status = status;
    }

    /// <summary>Whose events.</summary>
    public string PersistenceId { get; }

    /// <summary>What the journal said.</summary>
    public AppendStatus Status { get; }

    /// <summary>
    /// Whether the actor does not know its state any more; false after a rejection, which stored nothing.
    /// </summary>
    public bool IsStateLost => Status != AppendStatus.Rejected;
}
