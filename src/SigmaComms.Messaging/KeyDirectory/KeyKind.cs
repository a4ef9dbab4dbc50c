namespace SigmaComms.Messaging.KeyDirectory;

/// <summary>The type byte before every published public key, so that no key is ever taken for another kind.</summary>
public enum KeyKind : byte
{
    /// <summary>No key; never on the wire.</summary>
    None = 0,

    /// <summary>X25519 (RFC 7748), 32 bytes.</summary>
    X25519 = 1,

    /// <summary>ML-KEM-1024 encapsulation key (FIPS 203), 1568 bytes.</summary>
    MlKem1024 = 2,

    /// <summary>ML-DSA-65 public key (FIPS 204), 1952 bytes.</summary>
    MlDsa65 = 3,
}
