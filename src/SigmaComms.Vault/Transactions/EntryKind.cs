namespace SigmaComms.Vault.Transactions;

/// <summary>What an entry of a vault's log is.</summary>
internal enum EntryKind : byte
{
    /// <summary>Not a value.</summary>
    None = 0,

    /// <summary>A header.</summary>
    Header = 1,

    /// <summary>Sealed operations.</summary>
    Batch = 2,

    /// <summary>A place at which everybody may note the state's digest.</summary>
    Mark = 3,

    /// <summary>Where the state of a mark is stored.</summary>
    Snapshot = 4,
}
