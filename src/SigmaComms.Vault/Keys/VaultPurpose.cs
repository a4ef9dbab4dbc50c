namespace SigmaComms.Vault.Keys;

/// <summary>What a subkey of a vault is for. Every purpose has a key of its own.</summary>
public enum VaultPurpose
{
    /// <summary>Locks the keys of stripes.</summary>
    Content = 1,

    /// <summary>Names fragments.</summary>
    Placement = 2,

    /// <summary>Seals batches of operations.</summary>
    Namespace = 3,

    /// <summary>Authenticates snapshots.</summary>
    Snapshot = 4,

    /// <summary>Answers audits.</summary>
    Audit = 5,

    /// <summary>Authenticates the header.</summary>
    Header = 6,

    /// <summary>Seals what a client keeps of the namespace on its own disk.</summary>
    Copy = 7,
}
