using SigmaComms.Cryptography.Hashing;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>What the public classes of ML-DSA share: checks of lengths, then keys and signatures.</summary>
/// <standard>FIPS 204, section 5.</standard>
internal static class MlDsaCore
{
    /// <summary>The public key of a seed. Algorithm 1.</summary>
    public static void DerivePublicKey(MlDsaParameters set, ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        Size.Require(seed, MlDsaParameters.SeedSize);
        Size.Require(publicKey, set.PublicKeySize);
        MlDsaPrivateKey.FromSeed(set, seed, publicKey).Dispose();
    }

    /// <summary>The private key of a seed in its long form. Algorithm 1.</summary>
    public static void ExpandPrivateKey(MlDsaParameters set, ReadOnlySpan<byte> seed, Span<byte> privateKey)
    {
        Size.Require(seed, MlDsaParameters.SeedSize);
        Size.Require(privateKey, set.PrivateKeySize);
        Span<byte> publicKey = stackalloc byte[set.PublicKeySize];
        MlDsaPrivateKey.Expand(set, seed, publicKey, privateKey);
    }

    /// <summary>Signs with a key that is ready. Algorithm 2.</summary>
    public static void Sign(
        MlDsaPrivateKey key,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature)
    {
        RequireContext(context);
        Span<byte> representative = stackalloc byte[MlDsaParameters.HashSize];
        MlDsaMessage.Represent(key.PublicKeyHash, message, context, representative);
        SignRepresentative(key, representative, randomness, signature);
    }

    /// <summary>Signs with a seed. Algorithm 2.</summary>
    public static void Sign(
        MlDsaParameters set,
        ReadOnlySpan<byte> seed,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature)
    {
        RequireContext(context);
        RequireSizes(set, randomness, signature);
        using MlDsaPrivateKey key = Expand(set, seed);
        Sign(key, message, context, randomness, signature);
    }

    /// <summary>Signs with a key in the long form; false, with the output zeroed, if it is out of range.</summary>
    public static bool TrySignWithPrivateKey(
        MlDsaParameters set,
        ReadOnlySpan<byte> privateKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature)
    {
        Size.Require(privateKey, set.PrivateKeySize);
        RequireContext(context);
        RequireSizes(set, randomness, signature);
        using MlDsaPrivateKey? key = MlDsaPrivateKey.TryImport(set, privateKey);
        if (key is null)
        {
            signature.Clear();
            return false;
        }

        Sign(key, message, context, randomness, signature);
        return true;
    }

    /// <summary>Signs the hash of a message with a seed. Algorithm 4.</summary>
    public static void SignPreHashed(
        MlDsaParameters set,
        ReadOnlySpan<byte> seed,
        PreHashAlgorithm algorithm,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature)
    {
        RequireContext(context);
        RequireSizes(set, randomness, signature);
        using MlDsaPrivateKey key = Expand(set, seed);
        SignPreHashed(key, algorithm, message, context, randomness, signature);
    }

    /// <summary>Signs the hash of a message with a key that is ready. Algorithm 4.</summary>
    public static void SignPreHashed(
        MlDsaPrivateKey key,
        PreHashAlgorithm algorithm,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature)
    {
        RequireContext(context);
        Span<byte> representative = stackalloc byte[MlDsaParameters.HashSize];
        MlDsaMessage.RepresentPreHashed(key.PublicKeyHash, algorithm, message, context, representative);
        SignRepresentative(key, representative, randomness, signature);
    }

    /// <summary>Signs a representative that was computed elsewhere with a seed. Algorithm 7 from line 7.</summary>
    public static void SignRepresentative(
        MlDsaParameters set,
        ReadOnlySpan<byte> seed,
        ReadOnlySpan<byte> representative,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature)
    {
        Size.Require(representative, MlDsaParameters.HashSize);
        RequireSizes(set, randomness, signature);
        using MlDsaPrivateKey key = Expand(set, seed);
        SignRepresentative(key, representative, randomness, signature);
    }

    /// <summary>Signs a representative with a key that is ready. Algorithm 7 from line 7.</summary>
    public static void SignRepresentative(
        MlDsaPrivateKey key, ReadOnlySpan<byte> representative, ReadOnlySpan<byte> randomness, Span<byte> signature)
    {
        Size.Require(representative, MlDsaParameters.HashSize);
        RequireSizes(key.Set, randomness, signature);
        key.Sign(representative, randomness, signature);
    }

    /// <summary>mu of a message for whoever signs without seeing the message. Line 6 of algorithm 7.</summary>
    public static void ComputeRepresentative(
        MlDsaParameters set,
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        Span<byte> representative)
    {
        Size.Require(publicKey, set.PublicKeySize);
        Size.Require(representative, MlDsaParameters.HashSize);
        RequireContext(context);
        Span<byte> hash = stackalloc byte[MlDsaParameters.HashSize];
        Shake256.HashData(publicKey, hash);
        MlDsaMessage.Represent(hash, message, context, representative);
    }

    /// <summary>Verifies with a key that is ready. Algorithm 3.</summary>
    public static bool Verify(
        MlDsaPublicKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> context, ReadOnlySpan<byte> signature)
    {
        if (context.Length > MlDsaParameters.ContextSizeMax)
        {
            return false;
        }

        Span<byte> representative = stackalloc byte[MlDsaParameters.HashSize];
        MlDsaMessage.Represent(key.Hash, message, context, representative);
        return VerifyRepresentative(key, representative, signature);
    }

    /// <summary>Verifies. Algorithm 3.</summary>
    public static bool Verify(
        MlDsaParameters set,
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature) =>
        HasRightSizes(set, publicKey, signature)
        && VerifyOnce(set, publicKey, message, context, signature);

    /// <summary>Verifies a signature over the hash of a message. Algorithm 5.</summary>
    public static bool VerifyPreHashed(
        MlDsaParameters set,
        ReadOnlySpan<byte> publicKey,
        PreHashAlgorithm algorithm,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature)
    {
        if (!HasRightSizes(set, publicKey, signature) || context.Length > MlDsaParameters.ContextSizeMax)
        {
            return false;
        }

        Span<byte> representative = stackalloc byte[MlDsaParameters.HashSize];
        Span<byte> hash = stackalloc byte[MlDsaParameters.HashSize];
        Shake256.HashData(publicKey, hash);
        MlDsaMessage.RepresentPreHashed(hash, algorithm, message, context, representative);
        return MlDsaPublicKey.VerifyOnce(set, publicKey, representative, signature);
    }

    /// <summary>Verifies a signature over a representative that was computed elsewhere.</summary>
    public static bool VerifyRepresentative(
        MlDsaParameters set,
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> representative,
        ReadOnlySpan<byte> signature) =>
        HasRightSizes(set, publicKey, signature)
        && representative.Length == MlDsaParameters.HashSize
        && MlDsaPublicKey.VerifyOnce(set, publicKey, representative, signature);

    /// <summary>Verifies a signature over the hash of a message with a key that is ready. Algorithm 5.</summary>
    public static bool VerifyPreHashed(
        MlDsaPublicKey key,
        PreHashAlgorithm algorithm,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature)
    {
        if (context.Length > MlDsaParameters.ContextSizeMax)
        {
            return false;
        }

        Span<byte> representative = stackalloc byte[MlDsaParameters.HashSize];
        MlDsaMessage.RepresentPreHashed(key.Hash, algorithm, message, context, representative);
        return VerifyRepresentative(key, representative, signature);
    }

    /// <summary>Verifies a signature over a representative with a key that is ready.</summary>
    public static bool VerifyRepresentative(
        MlDsaPublicKey key, ReadOnlySpan<byte> representative, ReadOnlySpan<byte> signature) =>
        representative.Length == MlDsaParameters.HashSize
        && signature.Length == key.Set.SignatureSize
        && key.Verify(representative, signature);

    private static bool VerifyOnce(
        MlDsaParameters set,
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature)
    {
        if (context.Length > MlDsaParameters.ContextSizeMax)
        {
            return false;
        }

        Span<byte> representative = stackalloc byte[MlDsaParameters.HashSize];
        Span<byte> hash = stackalloc byte[MlDsaParameters.HashSize];
        Shake256.HashData(publicKey, hash);
        MlDsaMessage.Represent(hash, message, context, representative);
        return MlDsaPublicKey.VerifyOnce(set, publicKey, representative, signature);
    }

    private static bool HasRightSizes(
        MlDsaParameters set, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> signature) =>
        publicKey.Length == set.PublicKeySize && signature.Length == set.SignatureSize;

    private static MlDsaPrivateKey Expand(MlDsaParameters set, ReadOnlySpan<byte> seed)
    {
        Size.Require(seed, MlDsaParameters.SeedSize);
        Span<byte> publicKey = stackalloc byte[set.PublicKeySize];
        return MlDsaPrivateKey.FromSeed(set, seed, publicKey);
    }

    private static void RequireSizes(
        MlDsaParameters set, ReadOnlySpan<byte> randomness, ReadOnlySpan<byte> signature)
    {
        Size.Require(randomness, MlDsaParameters.SeedSize);
        Size.Require(signature, set.SignatureSize);
    }

    private static void RequireContext(ReadOnlySpan<byte> context) =>
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            context.Length, MlDsaParameters.ContextSizeMax, nameof(context));
}
