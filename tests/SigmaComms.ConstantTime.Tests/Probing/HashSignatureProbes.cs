using SigmaComms.Cryptography.HashSignatures;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.ConstantTime.Tests.Probing;

/// <summary>SLH-DSA: the fast sets whole, all that signs of the small ones being the same code.</summary>
internal static class HashSignatureProbes
{
    public static IEnumerable<Probe> All =>
    [
        new("SLH-DSA-SHA2-128f key derivation", 48, 32, static (seed, key, _) =>
            SlhDsa128fSha2.DeriveKeys(seed, new byte[64], key)),
        new("SLH-DSA-SHAKE-128f key derivation", 48, 32, static (seed, key, _) =>
            SlhDsa128fShake.DeriveKeys(seed, new byte[64], key)),
        Signing("SLH-DSA-SHA2-128f", SlhParameters.Sha2Fast128),
        Signing("SLH-DSA-SHA2-192f", SlhParameters.Sha2Fast192),
        Signing("SLH-DSA-SHAKE-128f", SlhParameters.ShakeFast128),
    ];

    private static Probe Signing(string name, SlhParameters set) => new(
        $"{name} signing, two layers",
        2 * set.HashSize,
        set.HashSize + set.ForestSignatureSize + (2 * set.TreeSignatureSize),
        (secrets, signature, memcheck) => Sign(set, secrets, signature, memcheck));

    /// <summary>
    /// As SlhSigner.Sign does it, with what a signature makes public declassified where it becomes so: the randomizer,
    /// the digest, the few-time key and each tree's root. All layers run the same code, so two are enough.
    /// </summary>
    private static void Sign(
        SlhParameters set, ReadOnlySpan<byte> secrets, Span<byte> signature, Memcheck memcheck)
    {
        int size = set.HashSize;
        byte[] publicKey = Probe.AnySecret(2 * size);
        Span<byte> digest = stackalloc byte[set.DigestSize];
        Span<byte> key = stackalloc byte[size];
        SlhMessage message = new(new byte[2], "message"u8);
        SlhParameters layer = set with { Height = set.TreeHeight, Layers = 1 };
        using SlhHash hash = SlhHash.Create(set, publicKey.AsSpan(0, size), secrets[..size]);
        using SlhHash layerHash = SlhHash.Create(layer, publicKey.AsSpan(0, size), secrets[..size]);
        hash.Randomize(secrets[size..], new byte[size], message, signature[..size]);
        memcheck.Declassify(signature[..size]);
        hash.Digest(signature[..size], publicKey, message, digest);
        SlhChoice choice = SlhChoice.Read(set, digest);
        SlhFewTime.Sign(hash, choice, digest, signature.Slice(size, set.ForestSignatureSize), key);
        Span<byte> trees = signature[(size + set.ForestSignatureSize)..];
        for (; !trees.IsEmpty; trees = trees[set.TreeSignatureSize..])
        {
            memcheck.Declassify(key);
            SlhTree.Sign(layerHash, choice, key, trees[..set.TreeSignatureSize]);
            SlhTree.DeriveRoot(layerHash, key);
            choice = choice.Above(set);
        }
    }
}
