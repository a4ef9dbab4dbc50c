namespace SigmaComms.Vault.Transactions;

/// <summary>What an entry did at its place. The same for everybody who holds the keys.</summary>
public enum EntryOutcome
{
    /// <summary>All of its operations counted.</summary>
    Applied = 0,

    /// <summary>A precondition no longer held: none of its operations counted.</summary>
    Conflict = 1,

    /// <summary>It does not open with the key it names, or is no entry: void.</summary>
    Unreadable = 2,

    /// <summary>It opens, and is not well formed: void.</summary>
    Malformed = 3,

    /// <summary>It was sealed with a former key of the vault: void; to be sealed again.</summary>
    StaleKey = 4,

    /// <summary>Its writer had not seen any of the 4,096 entries before it: void; to be sealed again.</summary>
    StaleView = 5,

    /// <summary>A header of the owner, now in force.</summary>
    HeaderChanged = 6,

    /// <summary>A header that is not the owner's next one: void.</summary>
    HeaderRefused = 7,

    /// <summary>A mark.</summary>
    Marked = 8,

    /// <summary>A snapshot with the digest of the own state at its mark, or one not checked here.</summary>
    Snapshot = 9,

    /// <summary>A snapshot with another digest than the own state had at its mark. It must not be used.</summary>
    SnapshotContradicted = 10,
}
