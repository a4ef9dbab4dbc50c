namespace SigmaComms.Persistence.EventSourcing;

/// <summary>Why a recovery failed.</summary>
public enum RecoveryFailure
{
    /// <summary>Events are missing. Trying again does not help.</summary>
    Gap,

    /// <summary>Stored bytes are damaged. Trying again does not help.</summary>
    Corrupt,

    /// <summary>The actor could not decode or apply an event or a snapshot. Trying again does not help.</summary>
    NotUnderstood,

    /// <summary>The store could not be read, or was silent for too long. It may be there again later.</summary>
    Unavailable,
}
