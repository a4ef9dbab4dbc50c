namespace SigmaComms.Vault.Namespace;

/// <summary>What a rename does with a taken name.</summary>
public enum RenameMode : byte
{
    /// <summary>Replaces it.</summary>
    Replace = 0,

    /// <summary>Fails (RENAME_NOREPLACE).</summary>
    KeepExisting = 1,

    /// <summary>Swaps both (RENAME_EXCHANGE).</summary>
    Exchange = 2,
}
