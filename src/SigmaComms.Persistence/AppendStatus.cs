namespace SigmaComms.Persistence;

/// <summary>How an append ended. After anything but <see cref="Stored"/> a writer must not guess.</summary>
public enum AppendStatus
{
    /// <summary>All events are durable: they survive a kill and a loss of power.</summary>
    Stored,

    /// <summary>Nothing was stored: the expected sequence is not the highest one. Recover, then try again.</summary>
    Conflict,

    /// <summary>Nothing was stored: a writer with a higher epoch has taken over. Stop.</summary>
    Fenced,

    /// <summary>Nothing was stored: a limit was exceeded. It succeeds later only if its reason goes.</summary>
    Rejected,

    /// <summary>The events may or may not be stored. Stop and recover; the journal tells.</summary>
    Unknown,
}
