namespace SigmaComms.Vault.Keys;

/// <summary>What became of an attempt to open a vault.</summary>
public enum UnlockResult
{
    /// <summary>Open.</summary>
    Opened = 0,

    /// <summary>No slot is opened by this kind of secret, or by this member.</summary>
    NoSlot = 1,

    /// <summary>There are such slots, and the secret is that of none.</summary>
    WrongSecret = 2,

    /// <summary>The secret is right, and the header was damaged.</summary>
    Damaged = 3,
}
