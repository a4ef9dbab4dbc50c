using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SigmaComms.Cryptography.Hashing;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Hashing;

/// <summary>SHA-2 side by side: one lane as the framework's, and every width as one lane.</summary>
public sealed unsafe class Sha2LanesTests(ITestOutputHelper output)
{
    private const int Runs = 20;

    public static TheoryData<int> Widths256 => [.. Sha256Lanes.All.Select(lanes => lanes.Width)];

    public static TheoryData<int> Widths512 => [.. Sha512Lanes.All.Select(lanes => lanes.Width)];

    [Theory]
    [MemberData(nameof(Widths256))]
    public void Every_lane_of_sha256_is_the_hash_of_its_own_message(int width)
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        Sha256Lanes lanes = Lanes256(width);
        using LaneMemory memory = new((8 + 64) * 64);
        uint* state = (uint*)memory.At(0);
        uint* words = (uint*)memory.At(8 * 64);

        for (int run = 0; run < Runs; run++)
        {
            byte[][] messages = Enumerable.Range(0, width).Select(_ => random.Bytes(random.Below(56))).ToArray();
            for (int lane = 0; lane < width; lane++)
            {
                ReadOnlySpan<uint> block = MemoryMarshal.Cast<byte, uint>(Padded(messages[lane], 64));
                Put(words, width, lane, block, BinaryPrimitives.ReverseEndianness);
                Put(state, width, lane, Sha256Constants.Start, word => word);
            }

            lanes.Compress(state, words);

            for (int lane = 0; lane < width; lane++)
            {
                byte[] expected = SHA256.HashData(messages[lane]);
                Assert.Equal(BinaryPrimitives.ReadUInt32BigEndian(expected), state[lane]);
                Assert.Equal(BinaryPrimitives.ReadUInt32BigEndian(expected.AsSpan(28)), state[(7 * width) + lane]);
            }
        }

        Assert.Equal(width, lanes.Width);
    }

    [Theory]
    [MemberData(nameof(Widths512))]
    public void Every_lane_of_sha512_is_the_hash_of_its_own_message(int width)
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        Sha512Lanes lanes = Lanes512(width);
        using LaneMemory memory = new((8 + 80) * 64);
        ulong* state = (ulong*)memory.At(0);
        ulong* words = (ulong*)memory.At(8 * 64);

        for (int run = 0; run < Runs; run++)
        {
            byte[][] messages = Enumerable.Range(0, width).Select(_ => random.Bytes(random.Below(112))).ToArray();
            for (int lane = 0; lane < width; lane++)
            {
                ReadOnlySpan<ulong> block = MemoryMarshal.Cast<byte, ulong>(Padded(messages[lane], 128));
                Put(words, width, lane, block, BinaryPrimitives.ReverseEndianness);
                Put(state, width, lane, Sha512Constants.Start, word => word);
            }

            lanes.Compress(state, words);

            for (int lane = 0; lane < width; lane++)
            {
                byte[] expected = SHA512.HashData(messages[lane]);
                Assert.Equal(BinaryPrimitives.ReadUInt64BigEndian(expected), state[lane]);
                Assert.Equal(BinaryPrimitives.ReadUInt64BigEndian(expected.AsSpan(56)), state[(7 * width) + lane]);
            }
        }

        Assert.Equal(width, lanes.Width);
    }

    [Theory]
    [MemberData(nameof(Widths256))]
    public void Compressing_any_words_in_lanes_is_compressing_them_one_by_one(int width)
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        using LaneMemory wide = new((8 + 64) * 64);
        using LaneMemory narrow = new((8 + 64) * 64);
        uint* state = (uint*)wide.At(0);
        uint* one = (uint*)narrow.At(0);

        for (int run = 0; run < Runs; run++)
        {
            random.Fill(wide.Span);
            byte[] before = wide.Span.ToArray();
            ReadOnlySpan<uint> given = MemoryMarshal.Cast<byte, uint>(before);
            Lanes256(width).Compress(state, state + (8 * width));

            for (int lane = 0; lane < width; lane++)
            {
                for (int i = 0; i < 24; i++)
                {
                    one[i] = given[(i * width) + lane];
                }

                Sha256Lanes.One.Compress(one, one + 8);
                for (int i = 0; i < 8; i++)
                {
                    Assert.Equal(one[i], state[(i * width) + lane]);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths512))]
    public void Compressing_any_long_words_in_lanes_is_compressing_them_one_by_one(int width)
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        using LaneMemory wide = new((8 + 80) * 64);
        using LaneMemory narrow = new((8 + 80) * 64);
        ulong* state = (ulong*)wide.At(0);
        ulong* one = (ulong*)narrow.At(0);

        for (int run = 0; run < Runs; run++)
        {
            random.Fill(wide.Span);
            byte[] before = wide.Span.ToArray();
            ReadOnlySpan<ulong> given = MemoryMarshal.Cast<byte, ulong>(before);
            Lanes512(width).Compress(state, state + (8 * width));

            for (int lane = 0; lane < width; lane++)
            {
                for (int i = 0; i < 24; i++)
                {
                    one[i] = given[(i * width) + lane];
                }

                Sha512Lanes.One.Compress(one, one + 8);
                for (int i = 0; i < 8; i++)
                {
                    Assert.Equal(one[i], state[(i * width) + lane]);
                }
            }
        }
    }

    private static Sha256Lanes Lanes256(int width) => Sha256Lanes.All.Single(lanes => lanes.Width == width);

    private static Sha512Lanes Lanes512(int width) => Sha512Lanes.All.Single(lanes => lanes.Width == width);

    private static byte[] Padded(byte[] message, int blockSize)
    {
        byte[] block = new byte[blockSize];
        message.CopyTo(block, 0);
        block[message.Length] = 0x80;
        BinaryPrimitives.WriteUInt64BigEndian(block.AsSpan(blockSize - 8), (ulong)(8 * message.Length));
        return block;
    }

    private static void Put<TWord>(
        TWord* to, int width, int lane, ReadOnlySpan<TWord> words, Func<TWord, TWord> change)
        where TWord : unmanaged
    {
        for (int i = 0; i < words.Length; i++)
        {
            to[(i * width) + lane] = change(words[i]);
        }
    }
}
