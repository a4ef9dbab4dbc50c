namespace SigmaComms.Vault.Transactions;

/// <summary>What a log answered.</summary>
public enum LogStatus
{
    /// <summary>Done.</summary>
    Done = 0,

    /// <summary>There is no such vault.</summary>
    VaultUnknown = 1,

    /// <summary>The caller may not do this.</summary>
    NotAllowed = 2,

    /// <summary>The number is not the writer's next one.</summary>
    WrongSequence = 3,

    /// <summary>The vault holds as much as it may; a snapshot and a trim help.</summary>
    Full = 4,

    /// <summary>Not all of the entries asked for are there.</summary>
    OutOfRange = 5,

    /// <summary>No answer. The log may have done it or not.</summary>
    Unreachable = 6,
}
