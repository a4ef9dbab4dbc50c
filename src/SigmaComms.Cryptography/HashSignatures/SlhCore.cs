using System.Security.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cryptography.HashSignatures;

/// <summary>What the public classes of SLH-DSA share: checks of lengths, then keys and signatures.</summary>
/// <standard>FIPS 205, sections 9 and 10.</standard>
internal static class SlhCore
{
    /// <summary>The keys of given seeds. Algorithm 18.</summary>
    public static void DeriveKeys(
        SlhParameters set, ReadOnlySpan<byte> seed, Span<byte> privateKey, Span<byte> publicKey)
    {
        Size.Require(seed, set.SeedSize);
        Size.Require(privateKey, set.PrivateKeySize);
        Size.Require(publicKey, set.PublicKeySize);
        int size = set.HashSize;
        using SlhHash hash = SlhHash.Create(set, seed[(2 * size)..], seed[..size]);
        seed[(2 * size)..].CopyTo(publicKey);
        SlhTree.DeriveRoot(hash, publicKey[size..]);
        seed[..(2 * size)].CopyTo(privateKey);
        publicKey.CopyTo(privateKey[(2 * size)..]);
    }

    /// <summary>Fresh keys from the system's randomness. Algorithm 21.</summary>
    public static void GenerateKeys(SlhParameters set, Span<byte> privateKey, Span<byte> publicKey)
    {
        Span<byte> seed = stackalloc byte[set.SeedSize];
        try
        {
            SystemRandom.Instance.Fill(seed);
            DeriveKeys(set, seed, privateKey, publicKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    /// <summary>Signs with fresh randomness of the system. Algorithm 22.</summary>
    public static void Sign(
        SlhParameters set,
        ReadOnlySpan<byte> privateKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        Span<byte> signature)
    {
        Span<byte> randomness = stackalloc byte[set.HashSize];
        SystemRandom.Instance.Fill(randomness);
        Sign(set, privateKey, message, context, randomness, signature);
    }

    /// <summary>Signs so that the same message has the same signature. Algorithm 22.</summary>
    public static void SignDeterministic(
        SlhParameters set,
        ReadOnlySpan<byte> privateKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        Span<byte> signature)
    {
        Size.Require(privateKey, set.PrivateKeySize);
        Sign(set, privateKey, message, context, PublicSeed(set, privateKey), signature);
    }

    /// <summary>Signs with given randomness. Algorithm 22.</summary>
    public static void Sign(
        SlhParameters set,
        ReadOnlySpan<byte> privateKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature)
    {
        RequireContext(context);
        Span<byte> prefix = stackalloc byte[SlhPrefix.SizeMax];
        prefix = prefix[..SlhPrefix.Write(context, prefix)];
        SlhSigner.Sign(set, privateKey, new SlhMessage(prefix, message), randomness, signature);
    }

    /// <summary>Signs the hash of a message with fresh randomness of the system. Algorithm 23.</summary>
    public static void SignPreHashed(
        SlhParameters set,
        ReadOnlySpan<byte> privateKey,
        PreHashAlgorithm algorithm,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        Span<byte> signature)
    {
        Span<byte> randomness = stackalloc byte[set.HashSize];
        SystemRandom.Instance.Fill(randomness);
        SignPreHashed(set, privateKey, algorithm, message, context, randomness, signature);
    }

    /// <summary>Signs the hash of a message with given randomness. Algorithm 23.</summary>
    public static void SignPreHashed(
        SlhParameters set,
        ReadOnlySpan<byte> privateKey,
        PreHashAlgorithm algorithm,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature)
    {
        RequireContext(context);
        Span<byte> prefix = stackalloc byte[SlhPrefix.SizeMax];
        Span<byte> hash = stackalloc byte[PreHash.HashSizeMax];
        prefix = prefix[..SlhPrefix.Write(context, algorithm, prefix)];
        hash = hash[..PreHash.HashData(algorithm, message, hash)];
        SlhSigner.Sign(set, privateKey, new SlhMessage(prefix, hash), randomness, signature);
    }

    /// <summary>Whether the signature is of this message. Algorithm 24.</summary>
    public static bool Verify(
        SlhParameters set,
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature)
    {
        if (context.Length > SlhParameters.ContextSizeMax)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[SlhPrefix.SizeMax];
        prefix = prefix[..SlhPrefix.Write(context, prefix)];
        return SlhVerifier.Verify(set, publicKey, new SlhMessage(prefix, message), signature);
    }

    /// <summary>Whether the signature is of the hash of this message. Algorithm 25.</summary>
    public static bool VerifyPreHashed(
        SlhParameters set,
        ReadOnlySpan<byte> publicKey,
        PreHashAlgorithm algorithm,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature)
    {
        Span<byte> hash = stackalloc byte[PreHash.HashSizeMax];
        hash = hash[..PreHash.HashData(algorithm, message, hash)];
        if (context.Length > SlhParameters.ContextSizeMax)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[SlhPrefix.SizeMax];
        prefix = prefix[..SlhPrefix.Write(context, algorithm, prefix)];
        return SlhVerifier.Verify(set, publicKey, new SlhMessage(prefix, hash), signature);
    }

    private static ReadOnlySpan<byte> PublicSeed(SlhParameters set, ReadOnlySpan<byte> privateKey) =>
        privateKey.Slice(2 * set.HashSize, set.HashSize);

    private static void RequireContext(ReadOnlySpan<byte> context)
    {
        if (context.Length > SlhParameters.ContextSizeMax)
        {
            throw new ArgumentException(
                $"A context has at most {SlhParameters.ContextSizeMax} bytes, not {context.Length}.",
                nameof(context));
        }
    }
}
