using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.HashSignatures;

namespace SigmaComms.Cryptography.Signatures;

/// <summary>One of the twelve SLH-DSA classes, seen as an algorithm among others.</summary>
/// <standard>FIPS 205, sections 10.1 to 10.3.</standard>
internal sealed class HashBasedSignature : SignatureAlgorithm
{
    private HashBasedSignature(string name, SlhParameters set, bool isSmall)
        : base(name)
    {
        Set = set;
        IsSmall = isSmall;
    }

    /// <summary>All twelve, in the order of their object identifiers.</summary>
    public static IReadOnlyList<HashBasedSignature> All { get; } =
    [
        new("SLH-DSA-SHA2-128s", SlhParameters.Sha2Small128, isSmall: true),
        new("SLH-DSA-SHA2-128f", SlhParameters.Sha2Fast128, isSmall: false),
        new("SLH-DSA-SHA2-192s", SlhParameters.Sha2Small192, isSmall: true),
        new("SLH-DSA-SHA2-192f", SlhParameters.Sha2Fast192, isSmall: false),
        new("SLH-DSA-SHA2-256s", SlhParameters.Sha2Small256, isSmall: true),
        new("SLH-DSA-SHA2-256f", SlhParameters.Sha2Fast256, isSmall: false),
        new("SLH-DSA-SHAKE-128s", SlhParameters.ShakeSmall128, isSmall: true),
        new("SLH-DSA-SHAKE-128f", SlhParameters.ShakeFast128, isSmall: false),
        new("SLH-DSA-SHAKE-192s", SlhParameters.ShakeSmall192, isSmall: true),
        new("SLH-DSA-SHAKE-192f", SlhParameters.ShakeFast192, isSmall: false),
        new("SLH-DSA-SHAKE-256s", SlhParameters.ShakeSmall256, isSmall: true),
        new("SLH-DSA-SHAKE-256f", SlhParameters.ShakeFast256, isSmall: false),
    ];

    /// <summary>Whether it has small signatures and is slow to sign.</summary>
    public bool IsSmall { get; }

    public override int PrivateKeySize => Set.PrivateKeySize;

    public override int PublicKeySize => Set.PublicKeySize;

    public override int SignatureSizeMax => Set.SignatureSize;

    public override int RandomnessSize => Set.HashSize;

    public override int ContextSizeMax => SlhParameters.ContextSizeMax;

    private SlhParameters Set { get; }

    public override void GeneratePrivateKey(IRandomSource random, Span<byte> privateKey)
    {
        ArgumentNullException.ThrowIfNull(random);
        Size.Require(privateKey, PrivateKeySize);
        using SecretBytes seed = new(Set.SeedSize);
        random.Fill(seed.Span);
        Span<byte> publicKey = stackalloc byte[PublicKeySize];
        SlhCore.DeriveKeys(Set, seed.Span, privateKey, publicKey);
    }

    /// <summary>Whether bytes are a private key whose last part, the root, is that of the rest.</summary>
    public bool IsPrivateKey(ReadOnlySpan<byte> privateKey)
    {
        if (privateKey.Length != PrivateKeySize)
        {
            return false;
        }

        using SecretBytes expected = new(PrivateKeySize);
        Span<byte> publicKey = stackalloc byte[PublicKeySize];
        SlhCore.DeriveKeys(Set, privateKey[..Set.SeedSize], expected.Span, publicKey);
        return expected.FixedTimeEquals(privateKey);
    }

    public override void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        Size.Require(privateKey, PrivateKeySize);
        Size.Require(publicKey, PublicKeySize);
        privateKey[^PublicKeySize..].CopyTo(publicKey);
    }

    public override int Sign(
        ReadOnlySpan<byte> privateKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature)
    {
        SlhCore.Sign(Set, privateKey, message, context, randomness, signature);
        return SignatureSizeMax;
    }

    public override bool Verify(
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature) =>
        SlhCore.Verify(Set, publicKey, message, context, signature);
}
