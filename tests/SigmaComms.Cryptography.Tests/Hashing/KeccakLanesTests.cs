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

    [Theory]
    [InlineData(KeccakX4.Lanes)]
    [InlineData(KeccakX8.Lanes)]
    public void Every_lane_gives_what_one_sponge_gives(int lanes)
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        foreach (int size in Sizes)
        {
            byte[][] messages = [.. Enumerable.Range(0, lanes).Select(_ => random.Bytes(size))];
            byte[] expected = new byte[size];

            byte[][] outputs128 = Hash(messages, KeccakSponge.Shake128Rate, size, out _);
            byte[][] outputs256 = Hash(messages, KeccakSponge.Shake256Rate, size, out _);

            for (int lane = 0; lane < lanes; lane++)
            {
                Shake128.HashData(messages[lane], expected);
                Assert.Equal(expected, outputs128[lane]);
                Shake256.HashData(messages[lane], expected);
                Assert.Equal(expected, outputs256[lane]);
            }
        }
    }

    [Theory]
    [InlineData(KeccakX4.Lanes)]
    [InlineData(KeccakX8.Lanes)]
    public void A_lane_goes_on_alone_after_whole_blocks(int lanes)
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        byte[][] messages = [.. Enumerable.Range(0, lanes).Select(_ => random.Bytes(34))];
        byte[] expected = new byte[600];
        byte[] tail = new byte[600 - 336];

        Hash(messages, KeccakSponge.Shake128Rate, 336, out ulong[] words);

        for (int lane = 0; lane < lanes; lane++)
        {
            KeccakSponge.Continue(words, lanes, lane, KeccakSponge.Shake128Rate).Squeeze(tail);
            Shake128.HashData(messages[lane], expected);
            Assert.Equal(expected[336..], tail);
        }
    }

    // SHAKE in each lane, of messages of one size.
    private static byte[][] Hash(byte[][] messages, int rate, int outputSize, out ulong[] words)
    {
        int lanes = messages.Length;
        int size = messages[0].Length;
        words = new ulong[25 * lanes];
        for (int done = 0; done <= size; done += rate)
        {
            if (done > 0)
            {
                Permute(words, lanes);
            }

            for (int lane = 0; lane < lanes; lane++)
            {
                ReadOnlySpan<byte> rest = messages[lane].AsSpan(done);
                KeccakLane.XorIn(words, lanes, lane, rest[..Math.Min(rate, rest.Length)]);
                if (rest.Length < rate)
                {
                    KeccakLane.Pad(words, lanes, lane, rest.Length, rate, KeccakSponge.ShakeSuffix);
                }
            }
        }

        byte[][] outputs = [.. messages.Select(_ => new byte[outputSize])];
        for (int done = 0; done < outputSize; done += rate)
        {
            Permute(words, lanes);
            for (int lane = 0; lane < lanes; lane++)
            {
                KeccakLane.CopyOut(words, lanes, lane, outputs[lane].AsSpan(done, Math.Min(rate, outputSize - done)));
            }
        }

        return outputs;
    }

    private static void Permute(ulong[] words, int lanes)
    {
        if (lanes == KeccakX4.Lanes)
        {
            Permute4(words);
        }
        else
        {
            Permute8(words);
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
