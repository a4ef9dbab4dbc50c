using SigmaComms.Cryptography.Aead;

namespace SigmaComms.Cryptography.Hpke;

/// <summary>The cipher of an HPKE suite, or none.</summary>
/// <remarks>Instances hold no state and are safe to use from any thread.</remarks>
/// <standard>RFC 9180, section 7.3.</standard>
public sealed class HpkeAead
{
    private HpkeAead(ushort id, AeadAlgorithm? algorithm)
    {
        Id = id;
        Algorithm = algorithm;
    }

    /// <summary>AES-128-GCM.</summary>
    public static HpkeAead Aes128Gcm { get; } = new(1, AeadAlgorithm.Aes128Gcm);

    /// <summary>AES-256-GCM.</summary>
    public static HpkeAead Aes256Gcm { get; } = new(2, AeadAlgorithm.Aes256Gcm);

    /// <summary>ChaCha20-Poly1305.</summary>
    public static HpkeAead ChaCha20Poly1305 { get; } = new(3, AeadAlgorithm.ChaCha20Poly1305);

    /// <summary>No cipher: contexts only export secrets.</summary>
    public static HpkeAead ExportOnly { get; } = new(0xFFFF, null);

    /// <summary>The number by which the standard calls it.</summary>
    public ushort Id { get; }

    /// <summary>The cipher; null if contexts only export secrets.</summary>
    public AeadAlgorithm? Algorithm { get; }
}
