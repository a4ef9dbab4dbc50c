using System.Security.Cryptography;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cryptography.KeyFormats;

/// <summary>What reading and writing a key needs to know of its algorithm.</summary>
/// <standard>FIPS 203, section 7.3 (checks of a long key); FIPS 204, sections 4 and 7.2.</standard>
internal sealed class KeyOperations
{
    private readonly Derive _derivePublicKey;
    private readonly Derive? _expand;
    private readonly Check _isPublicKey;
    private readonly Check _isPrivateKey;
    private readonly Check? _isExpandedKey;
    private readonly Match? _belongs;

    private KeyOperations(
        (int PublicKey, int PrivateKey, int ExpandedKey) sizes,
        Derive derivePublicKey,
        Check? isPublicKey = null,
        Check? isPrivateKey = null,
        Derive? expand = null,
        Check? isExpandedKey = null,
        Match? belongs = null)
    {
        (PublicKeySize, PrivateKeySize, ExpandedKeySize) = sizes;
        _derivePublicKey = derivePublicKey;
        _isPublicKey = isPublicKey ?? (_ => true);
        _isPrivateKey = isPrivateKey ?? (_ => true);
        _expand = expand;
        _isExpandedKey = isExpandedKey;
        _belongs = belongs;
    }

    private delegate void Derive(ReadOnlySpan<byte> seed, Span<byte> output);

    private delegate bool Check(ReadOnlySpan<byte> key);

    private delegate bool Match(ReadOnlySpan<byte> expandedKey, ReadOnlySpan<byte> publicKey);

    private delegate bool Signer(
        ReadOnlySpan<byte> privateKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature);

    public static KeyOperations MlKem512 { get; } = new(
        (Kem.MlKem512.EncapsulationKeySize, Kem.MlKem512.SeedSize, Kem.MlKem512.DecapsulationKeySize),
        Kem.MlKem512.DeriveEncapsulationKey,
        Kem.MlKem512.IsValidEncapsulationKey,
        expand: Kem.MlKem512.ExpandDecapsulationKey,
        isExpandedKey: Kem.MlKem512.IsValidDecapsulationKey,
        belongs: HoldsPublicKey);

    public static KeyOperations MlKem768 { get; } = new(
        (Kem.MlKem768.EncapsulationKeySize, Kem.MlKem768.SeedSize, Kem.MlKem768.DecapsulationKeySize),
        Kem.MlKem768.DeriveEncapsulationKey,
        Kem.MlKem768.IsValidEncapsulationKey,
        expand: Kem.MlKem768.ExpandDecapsulationKey,
        isExpandedKey: Kem.MlKem768.IsValidDecapsulationKey,
        belongs: HoldsPublicKey);

    public static KeyOperations MlKem1024 { get; } = new(
        (Kem.MlKem1024.EncapsulationKeySize, Kem.MlKem1024.SeedSize, Kem.MlKem1024.DecapsulationKeySize),
        Kem.MlKem1024.DeriveEncapsulationKey,
        Kem.MlKem1024.IsValidEncapsulationKey,
        expand: Kem.MlKem1024.ExpandDecapsulationKey,
        isExpandedKey: Kem.MlKem1024.IsValidDecapsulationKey,
        belongs: HoldsPublicKey);

    public static KeyOperations MlDsa44 { get; } = new(
        (Signatures.MlDsa44.PublicKeySize, Signatures.MlDsa44.SeedSize, Signatures.MlDsa44.PrivateKeySize),
        Signatures.MlDsa44.DerivePublicKey,
        expand: Signatures.MlDsa44.ExpandPrivateKey,
        isExpandedKey: key => CanSign(Signatures.MlDsa44.TrySignWithPrivateKey, key, Signatures.MlDsa44.SignatureSize),
        belongs: HoldsHashOfPublicKey);

    public static KeyOperations MlDsa65 { get; } = new(
        (Signatures.MlDsa65.PublicKeySize, Signatures.MlDsa65.SeedSize, Signatures.MlDsa65.PrivateKeySize),
        Signatures.MlDsa65.DerivePublicKey,
        expand: Signatures.MlDsa65.ExpandPrivateKey,
        isExpandedKey: key => CanSign(Signatures.MlDsa65.TrySignWithPrivateKey, key, Signatures.MlDsa65.SignatureSize),
        belongs: HoldsHashOfPublicKey);

    public static KeyOperations MlDsa87 { get; } = new(
        (Signatures.MlDsa87.PublicKeySize, Signatures.MlDsa87.SeedSize, Signatures.MlDsa87.PrivateKeySize),
        Signatures.MlDsa87.DerivePublicKey,
        expand: Signatures.MlDsa87.ExpandPrivateKey,
        isExpandedKey: key => CanSign(Signatures.MlDsa87.TrySignWithPrivateKey, key, Signatures.MlDsa87.SignatureSize),
        belongs: HoldsHashOfPublicKey);

    public static KeyOperations X25519 { get; } = new(
        (Kem.X25519.KeySize, Kem.X25519.KeySize, 0), Kem.X25519.DerivePublicKey);

    public static KeyOperations Ed25519 { get; } = new(
        (Signatures.Ed25519.PublicKeySize, Signatures.Ed25519.SeedSize, 0), Signatures.Ed25519.DerivePublicKey);

    public int PublicKeySize { get; }

    public int PrivateKeySize { get; }

    public int ExpandedKeySize { get; }

    /// <summary>Whether the private key is inside another octet string (RFC 8410), not by itself.</summary>
    public bool IsWrapped => this == X25519 || this == Ed25519;

    public static KeyOperations Composite(CompositeSignature algorithm) => new(
        (algorithm.PublicKeySize, algorithm.PrivateKeySize, 0),
        algorithm.DerivePublicKey,
        isPrivateKey: algorithm.IsPrivateKey);

    public static KeyOperations HashBased(HashBasedSignature algorithm) => new(
        (algorithm.PublicKeySize, algorithm.PrivateKeySize, 0),
        algorithm.DerivePublicKey,
        isPrivateKey: algorithm.IsPrivateKey);

    public void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey) =>
        _derivePublicKey(privateKey, publicKey);

    public void Expand(ReadOnlySpan<byte> seed, Span<byte> expandedKey)
    {
        Invariant.Holds(_expand is not null);
        _expand(seed, expandedKey);
    }

    public bool IsPublicKey(ReadOnlySpan<byte> key) => key.Length == PublicKeySize && _isPublicKey(key);

    public bool IsPrivateKey(ReadOnlySpan<byte> key) => key.Length == PrivateKeySize && _isPrivateKey(key);

    public bool IsExpandedKey(ReadOnlySpan<byte> key) =>
        _isExpandedKey is not null && key.Length == ExpandedKeySize && _isExpandedKey(key);

    /// <summary>Whether a long key and a public key are of one pair.</summary>
    public bool Belongs(ReadOnlySpan<byte> expandedKey, ReadOnlySpan<byte> publicKey) =>
        _belongs is not null && publicKey.Length == PublicKeySize && _belongs(expandedKey, publicKey);

    // FIPS 203: dk is the PKE key, ek, H(ek), z; the last two have 32 bytes each.
    private static bool HoldsPublicKey(ReadOnlySpan<byte> expandedKey, ReadOnlySpan<byte> publicKey) =>
        expandedKey[^(publicKey.Length + 64)..^64].SequenceEqual(publicKey);

    // FIPS 204: sk is rho, K, tr and so on; tr is the hash of the public key in 64 bytes.
    private static bool HoldsHashOfPublicKey(ReadOnlySpan<byte> expandedKey, ReadOnlySpan<byte> publicKey)
    {
        Span<byte> hash = stackalloc byte[64];
        Hashing.Shake256.HashData(publicKey, hash);
        return expandedKey.Slice(64, 64).SequenceEqual(hash) && expandedKey[..32].SequenceEqual(publicKey[..32]);
    }

    // A key whose coefficients are out of range refuses to sign; there is no cheaper question to ask it.
    private static bool CanSign(Signer sign, ReadOnlySpan<byte> key, int signatureSize)
    {
        byte[] signature = new byte[signatureSize];
        Span<byte> randomness = stackalloc byte[32];
        RandomNumberGenerator.Fill(randomness);
        return sign(key, default, default, randomness, signature);
    }
}
