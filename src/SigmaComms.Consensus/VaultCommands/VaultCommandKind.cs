namespace SigmaComms.Consensus.VaultCommands;

/// <summary>What a command asks of a vault.</summary>
public enum VaultCommandKind : byte
{
    /// <summary>Not a value.</summary>
    None = 0,

    /// <summary>Begin a vault that the signer owns.</summary>
    Create = 1,

    /// <summary>Append an entry.</summary>
    Append = 2,

    /// <summary>Let somebody append; the owner alone.</summary>
    AddWriter = 3,

    /// <summary>No longer let somebody append; the owner alone.</summary>
    RemoveWriter = 4,

    /// <summary>Drop the oldest entries, which a snapshot covers; the owner alone.</summary>
    Trim = 5,
}
