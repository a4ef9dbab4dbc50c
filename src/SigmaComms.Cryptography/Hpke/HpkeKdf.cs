using SigmaComms.Cryptography.Kdf;

namespace SigmaComms.Cryptography.Hpke;

/// <summary>The key derivation of an HPKE suite.</summary>
/// <remarks>Instances hold no state and are safe to use from any thread.</remarks>
/// <standard>RFC 9180, section 7.2.</standard>
public sealed class HpkeKdf
{
    private HpkeKdf(ushort id, KdfAlgorithm algorithm)
    {
        Id = id;
        Algorithm = algorithm;
    }

    /// <summary>HKDF-SHA256.</summary>
    public static HpkeKdf Sha256 { get; } = new(1, KdfAlgorithm.HkdfSha256);

    /// <summary>HKDF-SHA384.</summary>
    public static HpkeKdf Sha384 { get; } = new(2, KdfAlgorithm.HkdfSha384);

    /// <summary>HKDF-SHA512.</summary>
    public static HpkeKdf Sha512 { get; } = new(3, KdfAlgorithm.HkdfSha512);

    /// <summary>The number by which the standard calls it.</summary>
    public ushort Id { get; }

    /// <summary>The function.</summary>
    public KdfAlgorithm Algorithm { get; }

    /// <summary>Size of its hash in bytes.</summary>
    public int HashSize => Algorithm.HashSize;
}
