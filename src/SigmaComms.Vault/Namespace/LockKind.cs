namespace SigmaComms.Vault.Namespace;

/// <summary>What a lock lets others do.</summary>
public enum LockKind : byte
{
    /// <summary>None: the range is free.</summary>
    None = 0,

    /// <summary>Others may share it.</summary>
    Shared = 1,

    /// <summary>Nobody else.</summary>
    Exclusive = 2,
}
