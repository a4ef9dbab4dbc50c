using SigmaComms.Client.Attachments;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Tests.Attachments;

public sealed class ChunkCipherTests
{
    private const int Chunk = ChunkCipher.ChunkSizeBytes;
    private static readonly byte[] Key = new SeededRandom(1).Bytes(32);
    private static readonly Digest16 Id = Digest16.Random(new SeededRandom(2));

    [Theory]
    [InlineData(0, 1u)]
    [InlineData(1, 1u)]
    [InlineData(Chunk, 1u)]
    [InlineData(Chunk + 1, 2u)]
    [InlineData(3 * Chunk, 3u)]
    public void Every_size_has_its_number_of_chunks_and_opens_again(int sizeBytes, uint count)
    {
        byte[] file = new SeededRandom(3).Bytes(sizeBytes);
        using var cipher = new ChunkCipher(Key, Id, sizeBytes);

        Assert.Equal(count, cipher.ChunkCount);
        for (uint index = 0; index < count; index++)
        {
            byte[] plain = file[(int)(index * Chunk)..][..cipher.PlainSizeBytes(index)];
            byte[] opened = new byte[plain.Length];
            Assert.True(cipher.TryOpen(index, cipher.Seal(index, plain), opened));
            Assert.Equal(plain, opened);
        }
    }

    [Fact]
    public void The_sealing_of_a_known_chunk_does_not_change()
    {
        using var cipher = new ChunkCipher(new byte[32], new Digest16(new byte[16]), 5);

        byte[] sealedChunk = cipher.Seal(0, "hello"u8);

        // Nonce 00000000000000 00000000 01, associated data label | id | size, computed with another AES-GCM.
        Assert.Equal(5 + ChunkCipher.TagSizeBytes, sealedChunk.Length);
        using var independent = new System.Security.Cryptography.AesGcm(new byte[32], 16);
        byte[] expected = new byte[5];
        byte[] tag = new byte[16];
        independent.Encrypt(
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
            "hello"u8,
            expected,
            tag,
            [.. "SigmaComms/1 attachment"u8, .. new byte[16], 0, 0, 0, 0, 0, 0, 0, 5]);
        Assert.Equal([.. expected, .. tag], sealedChunk);
    }

    [Fact]
    public void A_chunk_in_another_place_is_refused_and_the_output_zeroed()
    {
        using var cipher = new ChunkCipher(Key, Id, 3 * Chunk);
        byte[] first = cipher.Seal(0, new SeededRandom(4).Bytes(Chunk));
        byte[] opened = new SeededRandom(5).Bytes(Chunk);

        bool taken = cipher.TryOpen(1, first, opened);

        Assert.False(taken);
        Assert.All(opened, value => Assert.Equal(0, value));
    }

    [Fact]
    public void A_file_cut_off_at_a_chunk_is_refused()
    {
        using var whole = new ChunkCipher(Key, Id, 2 * Chunk);
        using var cut = new ChunkCipher(Key, Id, Chunk);
        byte[] first = whole.Seal(0, new byte[Chunk]);

        Assert.False(cut.TryOpen(0, first, new byte[Chunk]));
    }

    [Fact]
    public void A_chunk_of_another_file_is_refused()
    {
        using var one = new ChunkCipher(Key, Id, 10);
        using var other = new ChunkCipher(Key, Digest16.Random(new SeededRandom(9)), 10);

        Assert.False(other.TryOpen(0, one.Seal(0, new byte[10]), new byte[10]));
    }

    [Fact]
    public void Every_flipped_bit_of_a_chunk_is_noticed()
    {
        using var cipher = new ChunkCipher(Key, Id, 20);
        byte[] chunk = cipher.Seal(0, new byte[20]);

        for (int bit = 0; bit < chunk.Length * 8; bit++)
        {
            byte[] flipped = [.. chunk];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(cipher.TryOpen(0, flipped, new byte[20]), $"bit {bit}");
        }
    }

    [Fact]
    public void A_chunk_of_another_length_is_refused()
    {
        using var cipher = new ChunkCipher(Key, Id, 20);
        byte[] chunk = cipher.Seal(0, new byte[20]);

        Assert.False(cipher.TryOpen(0, chunk.AsSpan(1), new byte[20]));
        Assert.False(cipher.TryOpen(0, [.. chunk, 0], new byte[20]));
        Assert.False(cipher.TryOpen(0, default, new byte[20]));
    }
}
