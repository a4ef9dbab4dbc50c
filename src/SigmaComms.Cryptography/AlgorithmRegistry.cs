using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Hashing;
using SigmaComms.Cryptography.Hpke;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Cryptography.Kem;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cryptography;

/// <summary>Every algorithm that is here, by kind. Tests run over it, so that a new one inherits them.</summary>
/// <standard>The names are those of the standards that each algorithm states.</standard>
public static class AlgorithmRegistry
{
    /// <summary>All key encapsulation mechanisms.</summary>
    public static IReadOnlyList<KemAlgorithm> Kems { get; } =
    [
        LatticeKem.MlKem512,
        LatticeKem.MlKem768,
        LatticeKem.MlKem1024,
        HybridKem.XWing,
        HybridKem.MlKem768P256,
        HybridKem.MlKem1024P384,
        DhKem.P256,
        DhKem.P384,
        DhKem.P521,
        DhKem.X25519,
    ];

    /// <summary>All signature algorithms.</summary>
    public static IReadOnlyList<SignatureAlgorithm> Signatures { get; } =
    [
        LatticeSignature.MlDsa44,
        LatticeSignature.MlDsa65,
        LatticeSignature.MlDsa87,
        CompositeSignature.MlDsa65Ed25519,
        CompositeSignature.MlDsa65EcdsaP256,
        Ed25519Signature.Instance,
        .. HashBasedSignature.All,
    ];

    /// <summary>All ciphers that encrypt and authenticate.</summary>
    public static IReadOnlyList<AeadAlgorithm> Aeads { get; } =
    [
        AeadAlgorithm.Aes128Gcm,
        AeadAlgorithm.Aes256Gcm,
        AeadAlgorithm.ChaCha20Poly1305,
        AeadAlgorithm.XChaCha20Poly1305,
    ];

    /// <summary>All hash functions.</summary>
    public static IReadOnlyList<HashFunction> Hashes { get; } =
    [
        HashFunction.Sha224,
        HashFunction.Sha256,
        HashFunction.Sha384,
        HashFunction.Sha512,
        HashFunction.Sha512Cut224,
        HashFunction.Sha512Cut256,
        HashFunction.Sha3Of224,
        HashFunction.Sha3Of256,
        HashFunction.Sha3Of384,
        HashFunction.Sha3Of512,
        HashFunction.Shake128,
        HashFunction.Shake256,
    ];

    /// <summary>All key derivation functions in two steps.</summary>
    public static IReadOnlyList<KdfAlgorithm> Kdfs { get; } =
    [
        KdfAlgorithm.HkdfSha256,
        KdfAlgorithm.HkdfSha384,
        KdfAlgorithm.HkdfSha512,
    ];

    /// <summary>The mechanism of a name; null if there is none.</summary>
    /// <param name="name">As in <see cref="KemAlgorithm.Name"/>; case counts.</param>
    public static KemAlgorithm? FindKem(string name) =>
        Kems.FirstOrDefault(kem => string.Equals(kem.Name, name, StringComparison.Ordinal));

    /// <summary>The signature algorithm of a name; null if there is none.</summary>
    /// <param name="name">As in <see cref="SignatureAlgorithm.Name"/>; case counts.</param>
    public static SignatureAlgorithm? FindSignature(string name) =>
        Signatures.FirstOrDefault(algorithm => string.Equals(algorithm.Name, name, StringComparison.Ordinal));

    /// <summary>The cipher of a name; null if there is none.</summary>
    /// <param name="name">As in <see cref="AeadAlgorithm.Name"/>; case counts.</param>
    public static AeadAlgorithm? FindAead(string name) =>
        Aeads.FirstOrDefault(algorithm => string.Equals(algorithm.Name, name, StringComparison.Ordinal));

    /// <summary>The hash function of a name; null if there is none.</summary>
    /// <param name="name">As in <see cref="HashFunction.Name"/>; case counts.</param>
    public static HashFunction? FindHash(string name) =>
        Hashes.FirstOrDefault(function => string.Equals(function.Name, name, StringComparison.Ordinal));

    /// <summary>The key derivation function of a name; null if there is none.</summary>
    /// <param name="name">As in <see cref="KdfAlgorithm.Name"/>; case counts.</param>
    public static KdfAlgorithm? FindKdf(string name) =>
        Kdfs.FirstOrDefault(algorithm => string.Equals(algorithm.Name, name, StringComparison.Ordinal));
}
