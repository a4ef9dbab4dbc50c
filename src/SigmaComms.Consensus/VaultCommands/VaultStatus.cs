namespace SigmaComms.Consensus.VaultCommands;

/// <summary>What became of a command to a vault.</summary>
public enum VaultStatus : byte
{
    /// <summary>Not a value.</summary>
    None = 0,

    /// <summary>Done.</summary>
    Done = 1,

    /// <summary>The payload is no command.</summary>
    Malformed = 2,

    /// <summary>There is no such vault.</summary>
    VaultUnknown = 3,

    /// <summary>The vault is there already.</summary>
    VaultExists = 4,

    /// <summary>The signer may not do this: it is no writer, or not the owner.</summary>
    NotAllowed = 5,

    /// <summary>The writer's number is not the next one; the reply says which is.</summary>
    WrongSequence = 6,

    /// <summary>The vault, its list of writers, or the cluster holds as much as it may; the owner can trim.</summary>
    Full = 7,

    /// <summary>The entries to drop are not all there.</summary>
    OutOfRange = 8,
}
