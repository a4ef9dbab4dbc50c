using System.Collections.Concurrent;
using SigmaComms.Cryptography.HashSignatures;
using SigmaComms.Cryptography.Signatures;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Signatures;

/// <summary>Signatures that are not the key holder's, and arguments of the wrong length.</summary>
public sealed class SlhDsaHostileTests(ITestOutputHelper output)
{
    private static readonly byte[] Message = "to be signed"u8.ToArray();
    private static readonly byte[] Context = "test"u8.ToArray();

    // Signing is slow in half of the sets, most of all without vectors, so the tests of a set share a signature.
    private static readonly ConcurrentDictionary<string, (byte[] PublicKey, byte[] Signature)> Signed = [];

    [Theory]
    [MemberData(nameof(SlhDsaSurface.Names), MemberType = typeof(SlhDsaSurface))]
    public void A_flipped_bit_in_any_part_of_a_signature_is_found(string name)
    {
        SlhDsaSurface dsa = SlhDsaSurface.Named(name);
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        (byte[] publicKey, byte[] signature) = SignedBy(dsa);

        List<(int Start, int Size)> parts = PartsOf(dsa.Set);
        foreach ((int start, int size) in parts)
        {
            byte[] changed = [.. signature];
            changed[start + random.Below(size)] ^= (byte)(1 << random.Below(8));

            Assert.False(dsa.Verify(publicKey, Message, Context, changed), $"bytes {start} to {start + size}");
        }

        Assert.True(dsa.Verify(publicKey, Message, Context, signature));
        Assert.Equal(dsa.SignatureSize, parts.Sum(part => part.Size));
    }

    [Theory]
    [MemberData(nameof(SlhDsaSurface.Names), MemberType = typeof(SlhDsaSurface))]
    public void Another_message_context_key_form_or_length_is_false(string name)
    {
        SlhDsaSurface dsa = SlhDsaSurface.Named(name);
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        (byte[] publicKey, byte[] signature) = SignedBy(dsa);
        byte[] otherSeed = [.. publicKey];
        otherSeed[0] ^= 1;
        byte[] otherRoot = [.. publicKey];
        otherRoot[^1] ^= 0x80;

        Assert.True(dsa.Verify(publicKey, Message, Context, signature));
        Assert.False(dsa.Verify(publicKey, Message.AsSpan(1), Context, signature));
        Assert.False(dsa.Verify(publicKey, Message, default, signature));
        Assert.False(dsa.Verify(publicKey, Message, new byte[256], signature));
        Assert.False(dsa.Verify(otherSeed, Message, Context, signature));
        Assert.False(dsa.Verify(otherRoot, Message, Context, signature));
        Assert.False(dsa.VerifyPreHashed(publicKey, PreHashAlgorithm.Sha256, Message, Context, signature));
        Assert.False(dsa.VerifyPreHashed(publicKey, PreHashAlgorithm.Sha256, Message, new byte[256], signature));
        Assert.False(dsa.Verify(publicKey, Message, Context, random.Bytes(dsa.SignatureSize)));
        Assert.False(dsa.Verify(publicKey, Message, Context, signature.AsSpan(1)));
        Assert.False(dsa.Verify(publicKey, Message, Context, [.. signature, 0]));
        Assert.False(dsa.Verify(publicKey, Message, Context, default));
        Assert.False(dsa.Verify(publicKey.AsSpan(1), Message, Context, signature));
        Assert.False(dsa.Verify([.. publicKey, 0], Message, Context, signature));
        Assert.False(dsa.Verify(default, Message, Context, signature));
    }

    [Theory]
    [MemberData(nameof(SlhDsaSurface.Names), MemberType = typeof(SlhDsaSurface))]
    public void The_callers_wrong_lengths_throw_before_any_effect(string name)
    {
        SlhDsaSurface dsa = SlhDsaSurface.Named(name);
        byte[] seed = new byte[dsa.SeedSize];
        byte[] privateKey = new byte[dsa.PrivateKeySize];
        byte[] publicKey = new byte[dsa.PublicKeySize];
        byte[] randomness = new byte[dsa.RandomnessSize];
        byte[] longContext = new byte[dsa.ContextSizeMax + 1];
        byte[] signature = new byte[dsa.SignatureSize];
        PreHashAlgorithm hash = PreHashAlgorithm.Sha256;

        Throws(() => dsa.GenerateKeys(privateKey.AsSpan(1), publicKey));
        Throws(() => dsa.GenerateKeys(privateKey, publicKey.AsSpan(1)));
        Throws(() => dsa.DeriveKeys(seed.AsSpan(1), privateKey, publicKey));
        Throws(() => dsa.DeriveKeys(seed, privateKey.AsSpan(1), publicKey));
        Throws(() => dsa.DeriveKeys(seed, privateKey, publicKey.AsSpan(1)));
        Throws(() => dsa.Sign(privateKey.AsSpan(1), Message, Context, signature));
        Throws(() => dsa.Sign(privateKey, Message, longContext, signature));
        Throws(() => dsa.Sign(privateKey, Message, Context, signature.AsSpan(1)));
        Throws(() => dsa.SignDeterministic(privateKey.AsSpan(1), Message, Context, signature));
        Throws(() => dsa.SignDeterministic(privateKey, Message, longContext, signature));
        Throws(() => dsa.SignWith(privateKey, Message, Context, randomness.AsSpan(1), signature));
        Throws(() => dsa.SignWith(privateKey, Message, Context, default, signature));
        Throws(() => dsa.SignPreHashed(privateKey, hash, Message, longContext, signature));
        Throws(() => dsa.SignPreHashed(privateKey, hash, Message, Context, signature.AsSpan(1)));
        Throws(() => dsa.SignPreHashedWith(privateKey, hash, Message, Context, default, signature));
        Throws(() => dsa.SignPreHashed(privateKey, PreHashAlgorithm.None, Message, Context, signature));
        Throws(() => dsa.VerifyPreHashed(publicKey, PreHashAlgorithm.None, Message, Context, signature));

        Assert.Equal(new byte[dsa.PrivateKeySize], privateKey);
        Assert.Equal(new byte[dsa.PublicKeySize], publicKey);
        Assert.Equal(new byte[dsa.SignatureSize], signature);

        static void Throws(Action action) => Assert.ThrowsAny<ArgumentException>(action);
    }

    private static (byte[] PublicKey, byte[] Signature) SignedBy(SlhDsaSurface dsa) =>
        Signed.GetOrAdd(dsa.Name, _ =>
        {
            SeededRandom random = new(205);
            (byte[] privateKey, byte[] publicKey) = dsa.KeysOf(random.Bytes(dsa.SeedSize));
            byte[] signature = new byte[dsa.SignatureSize];
            dsa.SignWith(privateKey, Message, Context, random.Bytes(dsa.RandomnessSize), signature);
            return (publicKey, signature);
        });

    // The randomizer; each few-time key and its path; each layer's chains and path.
    private static List<(int Start, int Size)> PartsOf(SlhParameters set)
    {
        List<(int Start, int Size)> parts = [];
        Add(set.HashSize);
        for (int tree = 0; tree < set.ForestTrees; tree++)
        {
            Add(set.HashSize);
            Add(set.ForestHeight * set.HashSize);
        }

        for (int layer = 0; layer < set.Layers; layer++)
        {
            Add(set.ChainsSize);
            Add(set.TreeHeight * set.HashSize);
        }

        return parts;

        void Add(int size) => parts.Add((parts.Sum(part => part.Size), size));
    }
}
