using System.Runtime.InteropServices;
using SigmaComms.Cryptography.Lattice;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Kem;

/// <summary>Every way of doing the arithmetic that this machine can run against the plain one.</summary>
public sealed class MlKemPathTests(ITestOutputHelper output)
{
    private const int Runs = 40;

    private static readonly MlKemPlainPath Plain = new();

    private static readonly MlKemParameters[] Sets =
        [MlKemParameters.MlKem512, MlKemParameters.MlKem768, MlKemParameters.MlKem1024];

    [Fact]
    public void The_plain_way_is_always_there_and_comes_last() =>
        Assert.IsType<MlKemPlainPath>(MlKemPath.Supported()[^1]);

    [Fact]
    public void Keys_ciphertexts_and_secrets_are_those_of_the_plain_way()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);

        foreach ((MlKemPath path, MlKemParameters set) in Combinations())
        {
            for (int run = 0; run < Runs; run++)
            {
                byte[] seed = random.Bytes(64);
                byte[] randomness = random.Bytes(32);
                (byte[] key, byte[] longKey) = Keys(Plain, set, seed);

                Assert.Equal([key, longKey], Pair(Keys(path, set, seed)));
                (byte[] ciphertext, byte[] secret) = Encapsulate(Plain, set, key, randomness);
                Assert.Equal([ciphertext, secret], Pair(Encapsulate(path, set, key, randomness)));
                Assert.Equal(secret, Decapsulate(path, set, seed, longKey, ciphertext));
                byte[] wrong = random.Bytes(set.CiphertextSize);
                Assert.Equal(
                    Decapsulate(Plain, set, seed, longKey, wrong), Decapsulate(path, set, seed, longKey, wrong));
            }
        }
    }

    [Fact]
    public unsafe void Expanded_keys_give_what_the_plain_way_gives()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);

        foreach ((MlKemPath path, MlKemParameters set) in Combinations())
        {
            byte[] seed = random.Bytes(64);
            (byte[] key, byte[] longKey) = Keys(Plain, set, seed);
            byte* memory = (byte*)NativeMemory.Alloc((nuint)MlKemExpansion.SizeBytes(set.Rank));
            MlKemExpansion parts = new(memory, set.Rank);
            path.ExpandPrivate(set, longKey, parts);
            for (int run = 0; run < Runs; run++)
            {
                byte[] randomness = random.Bytes(32);
                byte[] ciphertext = new byte[set.CiphertextSize];
                byte[] sent = new byte[32];
                byte[] received = new byte[32];
                byte[] rejected = new byte[32];
                path.Encapsulate(set, key, parts, randomness, ciphertext, sent);
                path.Decapsulate(set, longKey, parts, ciphertext, received);
                Assert.Equal(Pair(Encapsulate(Plain, set, key, randomness)), [ciphertext, sent]);
                Assert.Equal(sent, received);

                ciphertext[random.Below(ciphertext.Length)] ^= (byte)(1 << random.Below(8));
                path.Decapsulate(set, longKey, parts, ciphertext, rejected);
                Assert.Equal(Decapsulate(Plain, set, seed, longKey, ciphertext), rejected);
            }

            parts.Erase();
            Assert.Equal(-1, new ReadOnlySpan<short>(parts.Secret, set.Rank * 256).IndexOfAnyExcept((short)0));
            NativeMemory.Free(memory);
        }
    }

    // Such a key comes from elsewhere only; its coefficients are taken modulo q.
    [Fact]
    public void Long_keys_with_large_secret_coefficients_mean_the_same_in_every_way()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);

        foreach ((MlKemPath path, MlKemParameters set) in Combinations())
        {
            (_, byte[] longKey) = Keys(Plain, set, random.Bytes(64));
            random.Fill(longKey.AsSpan(0, set.VectorSize));
            byte[] ciphertext = random.Bytes(set.CiphertextSize);
            byte[] expected = new byte[32];
            byte[] secret = new byte[32];

            Assert.True(Plain.TryDecapsulateExpanded(set, longKey, ciphertext, expected));
            Assert.True(path.TryDecapsulateExpanded(set, longKey, ciphertext, secret));

            Assert.Equal(expected, secret);
        }
    }

    [Fact]
    public void Keys_that_fail_a_check_are_refused_and_the_outputs_zeroed_in_every_way()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);

        foreach ((MlKemPath path, MlKemParameters set) in Combinations())
        {
            (byte[] key, byte[] longKey) = Keys(Plain, set, random.Bytes(64));
            int at = 3 * random.Below(set.VectorSize / 3);
            key[at] = 0x01;
            key[at + 1] = (byte)((key[at + 1] & 0xF0) | 0x0D);
            longKey[set.VectorSize + random.Below(set.EncapsulationKeySize)] ^= 1;
            byte[] ciphertext = random.Bytes(set.CiphertextSize);
            byte[] secret = random.Bytes(32);
            byte[] other = random.Bytes(32);

            Assert.False(path.IsValidEncapsulationKey(set, key));
            Assert.False(path.TryDecapsulateExpanded(set, longKey, ciphertext, other));
            Assert.False(path.TryEncapsulate(set, key, new byte[32], ciphertext, secret));

            Assert.Equal(-1, ciphertext.AsSpan().IndexOfAnyExcept((byte)0));
            Assert.Equal(new byte[32], secret);
            Assert.Equal(new byte[32], other);
        }
    }

    private static IEnumerable<(MlKemPath Path, MlKemParameters Set)> Combinations() =>
        MlKemPath.Supported().SelectMany(path => Sets.Select(set => (path, set)));

    private static byte[][] Pair((byte[] First, byte[] Second) both) => [both.First, both.Second];

    private static (byte[] Key, byte[] LongKey) Keys(MlKemPath path, MlKemParameters set, byte[] seed)
    {
        byte[] key = new byte[set.EncapsulationKeySize];
        byte[] longKey = new byte[set.DecapsulationKeySize];
        path.DeriveEncapsulationKey(set, seed, key);
        path.ExpandDecapsulationKey(set, seed, longKey);
        return (key, longKey);
    }

    private static (byte[] Ciphertext, byte[] Secret) Encapsulate(
        MlKemPath path, MlKemParameters set, byte[] key, byte[] randomness)
    {
        byte[] ciphertext = new byte[set.CiphertextSize];
        byte[] secret = new byte[32];
        Assert.True(path.TryEncapsulate(set, key, randomness, ciphertext, secret));
        return (ciphertext, secret);
    }

    private static byte[] Decapsulate(
        MlKemPath path, MlKemParameters set, byte[] seed, byte[] longKey, byte[] ciphertext)
    {
        byte[] secret = new byte[32];
        byte[] same = new byte[32];
        path.Decapsulate(set, seed, ciphertext, secret);
        Assert.True(path.TryDecapsulateExpanded(set, longKey, ciphertext, same));
        Assert.Equal(secret, same);
        return secret;
    }
}
