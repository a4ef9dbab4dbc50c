namespace SigmaComms.Vault.Keys;

/// <summary>What the bytes of a header are.</summary>
public enum HeaderStatus
{
    /// <summary>The owner's header of this vault.</summary>
    Good = 0,

    /// <summary>No header, or one of another version.</summary>
    Malformed = 1,

    /// <summary>The header of another vault.</summary>
    OtherVault = 2,

    /// <summary>The owner did not sign these bytes.</summary>
    NotSigned = 3,
}
