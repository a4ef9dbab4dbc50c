namespace SigmaComms.Client.Vaults;

/// <summary>Why something could not be done with a vault.</summary>
public enum VaultFailure
{
    /// <summary>There is no such vault, here or on the cluster.</summary>
    UnknownVault,

    /// <summary>A vault of this name is here already.</summary>
    VaultExists,

    /// <summary>The secret is of none of the vault's slots.</summary>
    WrongSecret,

    /// <summary>No slot of the vault is opened by this kind of secret, or by this device.</summary>
    NoSlot,

    /// <summary>The secret is right, and what it opens was damaged.</summary>
    Damaged,

    /// <summary>This device was turned out of the vault.</summary>
    TurnedOut,

    /// <summary>The log shows less, or another past, than was seen before: nodes lie.</summary>
    LogFault,

    /// <summary>Nodes cannot be reached, or too few of them took what was sent.</summary>
    Unavailable,

    /// <summary>Whether the last change counts is not known; the next one finds out.</summary>
    Unknown,

    /// <summary>This device may not do that; the vault's owner may.</summary>
    NotAllowed,

    /// <summary>Fragments are missing: fewer than are needed could be had.</summary>
    NeedsFragments,

    /// <summary>A file or directory: the exception has the errno.</summary>
    Namespace,

    /// <summary>Others change the same thing all the time.</summary>
    Busy,

    /// <summary>What was read changed while it was read.</summary>
    Changed,

    /// <summary>It is no path, or no name, in a vault.</summary>
    BadPath,

    /// <summary>A file or folder of this machine.</summary>
    Disk,

    /// <summary>The peer's identity was not compared.</summary>
    NotVerified,

    /// <summary>A limit of vaults or logs is reached.</summary>
    Limit,

    /// <summary>The vault's own files on this machine are not what they were.</summary>
    FolderDamaged,

    /// <summary>Only the device that made the vault may do that.</summary>
    NotOwner,

    /// <summary>The vault has no slot of that number.</summary>
    UnknownSlot,

    /// <summary>No device of the peer has published a key for vaults yet.</summary>
    NoCard,

    /// <summary>It is no name for a vault.</summary>
    BadName,
}
