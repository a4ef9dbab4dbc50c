using System.Runtime.Intrinsics;
using SigmaComms.Cryptography.Hashing;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Hashing;

/// <summary>Several sponges side by side against one sponge at a time, and every width of vector.</summary>
public sealed class KeccakLanesTests(ITestOutputHelper output)
{
    private static readonly int[] Sizes = [0, 1, 7, 8, 33, 34, 66, 135, 136, 137, 167, 168, 169, 272, 336, 500];

    // The first two lanes of the permutation of zero: intermediate values of the Keccak team, which FIPS 202 cites.
    [Fact]
    public void The_permutation_of_zero_is_the_known_one_in_every_width()
    {
        ulong[] words = new ulong[25];
        ulong[] words4 = new ulong[100];
        ulong[] words8 = new ulong[200];

        Keccak.Permute(words);
        Permute4(words4);
        Permute8(words8);

        Assert.Equal([0xF1258F7940E1DDE7, 0x84D5CCF933C0478A], words[..2]);
        for (int word = 0; word < 25; word++)
        {
            Assert.All(words4[(4 * word)..((4 * word) + 4)], lane => Assert.Equal(words[word], lane));
            Assert.All(words8[(8 * word)..((8 * word) + 8)], lane => Assert.Equal(words[word], lane));
        }
    }

    [Fact]
    public unsafe void Vectors_of_each_width_permute_as_plain_registers_do()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        ulong* one = stackalloc ulong[25 * 8];
        ulong* other = stackalloc ulong[25 * 8];

        for (int run = 0; run < 20; run++)
        {
            random.Fill(new Span<byte>(one, 25 * 8 * 8));
            Copy(one, other);
            for (int lane = 0; lane < 8; lane++)
            {
                KeccakRounds<ulong, KeccakVector64>.Permute(one + lane, 8);
            }

            KeccakRounds<Vector128<ulong>, KeccakVector128>.Permute(other, 8);
            KeccakRounds<Vector128<ulong>, KeccakVector128>.Permute(other + 2, 8);
            KeccakRounds<Vector256<ulong>, KeccakVector256>.Permute(other + 4, 8);
            Assert.Equal(new ReadOnlySpan<ulong>(one, 200), new ReadOnlySpan<ulong>(other, 200));

            KeccakRounds<Vector512<ulong>, KeccakVector512>.Permute(other, 8);
            for (int lane = 0; lane < 8; lane++)
            {
                KeccakRounds<ulong, KeccakVector64>.Permute(one + lane, 8);
            }

            Assert.Equal(new ReadOnlySpan<ulong>(one, 200), new ReadOnlySpan<ulong>(other, 200));
        }
    }

    [Fact]
    public void Four_lanes_give_what_one_sponge_gives_for_each()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        KeccakX4 sponges128 = KeccakX4.Shake128();
        KeccakX4 sponges256 = KeccakX4.Shake256();

        foreach (int size in Sizes)
        {
            byte[] messages = random.Bytes(4 * size);
            byte[] outputs128 = new byte[4 * size];
            byte[] outputs256 = new byte[4 * size];
            sponges128.Absorb(messages, size);
            sponges128.Squeeze(outputs128, size);
            sponges256.Absorb(messages, size);
            sponges256.Squeeze(outputs256, size);

            AssertEach(messages, size, outputs128, outputs256);
        }
    }

    [Fact]
    public void Eight_lanes_give_what_one_sponge_gives_for_each()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        KeccakX8 sponges128 = KeccakX8.Shake128();
        KeccakX8 sponges256 = KeccakX8.Shake256();

        foreach (int size in Sizes)
        {
            byte[] messages = random.Bytes(8 * size);
            byte[] outputs128 = new byte[8 * size];
            byte[] outputs256 = new byte[8 * size];
            sponges128.Absorb(messages, size);
            sponges128.Squeeze(outputs128, size);
            sponges256.Absorb(messages, size);
            sponges256.Squeeze(outputs256, size);

            AssertEach(messages, size, outputs128, outputs256);
        }
    }

    [Fact]
    public void A_lane_goes_on_alone_and_all_lanes_go_on_together()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        byte[] messages4 = random.Bytes(4 * 34);
        byte[] messages8 = random.Bytes(8 * 34);
        KeccakX4 sponges4 = KeccakX4.Shake128();
        KeccakX8 sponges8 = KeccakX8.Shake128();
        byte[] blocks4 = new byte[4 * 336];
        byte[] blocks8 = new byte[8 * 336];
        byte[] expected = new byte[600];
        byte[] tail = new byte[600 - 336];

        sponges4.Absorb(messages4, 34);
        sponges4.Squeeze(blocks4, 336);
        sponges8.Absorb(messages8, 34);
        sponges8.Squeeze(blocks8, 336);

        for (int lane = 0; lane < 4; lane++)
        {
            Shake128.HashData(messages4.AsSpan(lane * 34, 34), expected);
            sponges4.Lane(lane).Squeeze(tail);
            Assert.Equal(expected[..336], blocks4[(lane * 336)..((lane + 1) * 336)]);
            Assert.Equal(expected[336..], tail);
        }

        byte[] tails = new byte[8 * tail.Length];
        sponges8.Lane(7).Squeeze(tail);
        Shake128.HashData(messages8.AsSpan(7 * 34, 34), expected);
        Assert.Equal(expected[336..], tail);
        sponges8.Squeeze(tails, tail.Length);
        Assert.Equal(tail, tails[^tail.Length..]);
    }

    [Fact]
    public void Clearing_zeroes_all_words_and_wrong_sizes_are_argument_errors()
    {
        KeccakX4 sponges4 = KeccakX4.Shake256();
        KeccakX8 sponges8 = KeccakX8.Shake256();
        sponges4.Absorb(new byte[4], 1);
        sponges8.Absorb(new byte[8], 1);

        Assert.Throws<ArgumentException>(() => KeccakX4.Shake256().Absorb(new byte[5], 1));
        Assert.Throws<ArgumentException>(() => KeccakX8.Shake256().Squeeze(new byte[7], 1));
        sponges4.Clear();
        sponges8.Clear();

        Assert.Equal(-1, sponges4.Words.IndexOfAnyExcept(0UL));
        Assert.Equal(-1, sponges8.Words.IndexOfAnyExcept(0UL));
    }

    private static void AssertEach(byte[] messages, int size, byte[] outputs128, byte[] outputs256)
    {
        byte[] expected = new byte[size];
        for (int at = 0; at < messages.Length; at += size)
        {
            Shake128.HashData(messages.AsSpan(at, size), expected);
            Assert.Equal(expected, outputs128[at..(at + size)]);
            Shake256.HashData(messages.AsSpan(at, size), expected);
            Assert.Equal(expected, outputs256[at..(at + size)]);
        }
    }

    private static unsafe void Copy(ulong* source, ulong* target) =>
        new ReadOnlySpan<ulong>(source, 200).CopyTo(new Span<ulong>(target, 200));

    private static unsafe void Permute4(ulong[] words)
    {
        fixed (ulong* state = words)
        {
            KeccakX4.Permute(state);
        }
    }

    private static unsafe void Permute8(ulong[] words)
    {
        fixed (ulong* state = words)
        {
            KeccakX8.Permute(state);
        }
    }
}
