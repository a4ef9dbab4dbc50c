namespace SigmaComms.Vault.Transactions;

/// <summary>What no honest log ever does. Whoever sees it stops and tells.</summary>
public enum LogFault
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The log has fewer entries than were seen before.</summary>
    RolledBack = 1,

    /// <summary>The log's past is not the one that was seen before, by this client or by another writer.</summary>
    Forked = 2,

    /// <summary>Entries are missing, repeated, or out of order.</summary>
    Broken = 3,

    /// <summary>Not the log's fault: the header in force is closed to this client, who cannot go on.</summary>
    Locked = 4,
}
