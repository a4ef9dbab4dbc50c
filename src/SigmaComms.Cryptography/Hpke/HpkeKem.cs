using SigmaComms.Cryptography.Kem;

namespace SigmaComms.Cryptography.Hpke;

/// <summary>The key encapsulation mechanism of an HPKE suite.</summary>
/// <remarks>Instances hold no state and are safe to use from any thread.</remarks>
/// <standard>RFC 9180, sections 4.1 and 7.1; draft-ietf-hpke-pq-05, sections 3 and 4.</standard>
public sealed class HpkeKem
{
    private readonly byte[] _suite;

    private HpkeKem(ushort id, KemAlgorithm algorithm)
    {
        Id = id;
        Algorithm = algorithm;
        _suite = [.. "KEM"u8, (byte)(id >> 8), (byte)id];
    }

    /// <summary>DHKEM(P-256, HKDF-SHA256).</summary>
    public static HpkeKem P256 { get; } = new(0x0010, DhKem.P256);

    /// <summary>DHKEM(P-384, HKDF-SHA384).</summary>
    public static HpkeKem P384 { get; } = new(0x0011, DhKem.P384);

    /// <summary>DHKEM(P-521, HKDF-SHA512).</summary>
    public static HpkeKem P521 { get; } = new(0x0012, DhKem.P521);

    /// <summary>DHKEM(X25519, HKDF-SHA256).</summary>
    public static HpkeKem X25519 { get; } = new(0x0020, DhKem.X25519);

    /// <summary>ML-KEM-512.</summary>
    public static HpkeKem MlKem512 { get; } = new(0x0040, LatticeKem.MlKem512);

    /// <summary>ML-KEM-768.</summary>
    public static HpkeKem MlKem768 { get; } = new(0x0041, LatticeKem.MlKem768);

    /// <summary>ML-KEM-1024.</summary>
    public static HpkeKem MlKem1024 { get; } = new(0x0042, LatticeKem.MlKem1024);

    /// <summary>MLKEM768-P256.</summary>
    public static HpkeKem MlKem768P256 { get; } = new(0x0050, HybridKem.MlKem768P256);

    /// <summary>MLKEM1024-P384.</summary>
    public static HpkeKem MlKem1024P384 { get; } = new(0x0051, HybridKem.MlKem1024P384);

    /// <summary>X-Wing, which the draft calls MLKEM768-X25519.</summary>
    public static HpkeKem XWing { get; } = new(0x647A, HybridKem.XWing);

    /// <summary>The number by which the standard calls it.</summary>
    public ushort Id { get; }

    /// <summary>The mechanism.</summary>
    public KemAlgorithm Algorithm { get; }

    /// <summary>Makes a private key from key material, always the same from the same.</summary>
    /// <param name="inputKey">Secret; at least as many bytes as a private key has, all of them random.</param>
    /// <param name="privateKey">Receives a private key of <see cref="Algorithm"/>; the caller zeroes it.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public void DerivePrivateKey(ReadOnlySpan<byte> inputKey, Span<byte> privateKey)
    {
        Size.Require(privateKey, Algorithm.PrivateKeySize);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputKey.Length, Algorithm.PrivateKeySize, nameof(inputKey));
        if (Algorithm is DhKem group)
        {
            group.DerivePrivateKey(inputKey, privateKey);
            return;
        }

        HpkeLabels.DeriveByShake256(_suite, inputKey, "DeriveKeyPair"u8, privateKey);
    }
}
