namespace SigmaComms.Vault.Keys;

/// <summary>What opens a key slot.</summary>
public enum SlotKind : byte
{
    /// <summary>Not a value.</summary>
    None = 0,

    /// <summary>A passphrase.</summary>
    Passphrase = 1,

    /// <summary>32 random bytes in the device's key store.</summary>
    Device = 2,

    /// <summary>A passphrase and a device, both.</summary>
    Hybrid = 3,

    /// <summary>The private key of a member's device.</summary>
    Member = 4,

    /// <summary>A code kept on paper, or shares of it.</summary>
    Recovery = 5,
}
