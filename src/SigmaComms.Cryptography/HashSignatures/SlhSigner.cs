using System.Security.Cryptography;

namespace SigmaComms.Cryptography.HashSignatures;

/// <summary>Makes signatures.</summary>
/// <standard>FIPS 205, algorithm 19.</standard>
internal static class SlhSigner
{
    /// <summary>Signs a message.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="privateKey">SK.seed, SK.prf, PK.seed and PK.root.</param>
    /// <param name="message">The message with its prefix.</param>
    /// <param name="randomness">n bytes.</param>
    /// <param name="signature">Receives the signature.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void Sign(
        SlhParameters set,
        ReadOnlySpan<byte> privateKey,
        SlhMessage message,
        ReadOnlySpan<byte> randomness,
        Span<byte> signature)
    {
        Size.Require(privateKey, set.PrivateKeySize);
        Size.Require(randomness, set.HashSize);
        Size.Require(signature, set.SignatureSize);
        int size = set.HashSize;
        ReadOnlySpan<byte> publicKey = privateKey[(2 * size)..];
        Span<byte> digest = stackalloc byte[set.DigestSize];
        Span<byte> key = stackalloc byte[size];
        bool done = false;
        try
        {
            using SlhHash hash = SlhHash.Create(set, publicKey[..size], privateKey[..size]);
            Span<byte> randomizer = signature[..size];
            hash.Randomize(privateKey.Slice(size, size), randomness, message, randomizer);
            hash.Digest(randomizer, publicKey, message, digest);
            SlhChoice choice = SlhChoice.Read(set, digest);
            SlhFewTime.Sign(hash, choice, digest, signature.Slice(size, set.ForestSignatureSize), key);
            SlhTree.Sign(hash, choice, key, signature[(size + set.ForestSignatureSize)..]);
            done = true;
        }
        finally
        {
            if (!done)
            {
                CryptographicOperations.ZeroMemory(signature);
            }
        }
    }
}
