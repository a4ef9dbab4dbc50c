namespace SigmaComms.Vault.Namespace;

/// <summary>What became of a change that was applied before the log had it.</summary>
public enum ForeseenFate
{
    /// <summary>The log does not have it yet.</summary>
    Open = 0,

    /// <summary>The log has it, and it counts.</summary>
    Counts,

    /// <summary>Somebody else's change came first, and it can count no more.</summary>
    Failed,
}
