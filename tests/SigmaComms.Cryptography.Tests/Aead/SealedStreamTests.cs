using System.Buffers;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kdf;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Aead;

/// <summary>Sealed streams: the format's known answer, sizes, seeking, and every way to tamper.</summary>
public sealed class SealedStreamTests(ITestOutputHelper output)
{
    private const int Segment = SealedStream.SegmentSize;
    private const int Sealed = SealedStream.SealedSegmentSize;

    private const string Example =
        "5347535401011000808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"
        + "c792cc99429e8090545e293881062e0c04d5e0";

    private static readonly byte[] Key = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();

    private readonly SeededRandom _random = SeededRandom.FromEnvironment(output.WriteLine);

    // The example of docs/formats/sealed-stream.md.
    [Fact]
    public void The_example_of_the_format_holds()
    {
        byte[] made = Seal(AeadAlgorithm.XChaCha20Poly1305, "abc"u8, new FixedRandom());

        Assert.Equal(Example, Convert.ToHexStringLower(made));
        Assert.Equal("abc"u8.ToArray(), Open(made));
    }

    [Fact]
    public void A_segment_is_the_cipher_with_the_nonce_that_the_format_says()
    {
        byte[] plaintext = _random.Bytes(Segment + 5);
        byte[] made = Seal(AeadAlgorithm.ChaCha20Poly1305, plaintext, _random);
        byte[] derived = new byte[32 + 7];
        byte[] info = [.. "SigmaComms sealed stream"u8, .. made.AsSpan(0, 8), .. "name"u8];
        HkdfSha256.DeriveKey(Key, made.AsSpan(8, 32), info, derived);
        using ChaChaCipher cipher = new(derived.AsSpan(0, 32));
        byte[] first = new byte[Segment];
        byte[] last = new byte[5];

        Assert.True(cipher.TryOpen([.. derived.AsSpan(32), 0, 0, 0, 0, 0], made.AsSpan(40, Sealed), default, first));
        Assert.True(cipher.TryOpen([.. derived.AsSpan(32), 0, 0, 0, 1, 1], made.AsSpan(40 + Sealed), default, last));
        byte[] joined = [.. first, .. last];
        Assert.Equal(plaintext, joined);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Segment - 1)]
    [InlineData(Segment)]
    [InlineData(Segment + 1)]
    [InlineData(2 * Segment)]
    [InlineData((3 * Segment) + 77)]
    public void Every_size_comes_back_in_pieces_of_any_size(int size)
    {
        byte[] plaintext = _random.Bytes(size);
        foreach (AeadAlgorithm algorithm in (AeadAlgorithm[])
            [AeadAlgorithm.XChaCha20Poly1305, AeadAlgorithm.ChaCha20Poly1305])
        {
            byte[] made = Seal(algorithm, plaintext, _random);

            Assert.Equal(SealedStream.SealedSize(size), made.Length);
            Assert.True(SealedStream.TryPlaintextSize(made.Length, out long plaintextSize));
            Assert.Equal(size, plaintextSize);
            Assert.Equal(plaintext, Open(made));
        }
    }

    [Fact]
    public void Segments_open_in_any_order_and_the_last_one_proves_the_size()
    {
        byte[] plaintext = _random.Bytes((2 * Segment) + 100);
        byte[] made = Seal(AeadAlgorithm.XChaCha20Poly1305, plaintext, _random);
        using SegmentReader reader = Reader(made, made.Length)!;
        foreach (int segment in (int[])[2, 0, 1, 1])
        {
            byte[] opened = new byte[reader.SegmentSize(segment)];
            int start = (int)reader.SealedOffset(segment);

            Assert.True(reader.TryOpen(segment, made.AsSpan(start, opened.Length + 16), opened));
            Assert.Equal(plaintext.AsSpan(segment * Segment, opened.Length).ToArray(), opened);
        }

        Assert.Equal(3, reader.SegmentCount);
        Assert.Equal(plaintext.Length, reader.PlaintextSize);
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.SealedOffset(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.SegmentSize(-1));

        // Cut at a segment's end, the second segment is taken for the last and does not open.
        using SegmentReader cut = Reader(made, 40 + (2 * Sealed))!;
        byte[] zeroed = _random.Bytes(Segment);
        Assert.False(cut.TryOpen(1, made.AsSpan(40 + Sealed, Sealed), zeroed));
        Assert.Equal(new byte[Segment], zeroed);
        Assert.False(cut.TryOpen(1, default, zeroed));
    }

    [Fact]
    public void Truncation_reordering_repetition_and_appending_are_noticed()
    {
        byte[] made = Seal(AeadAlgorithm.XChaCha20Poly1305, _random.Bytes((3 * Segment) + 9), _random);
        byte[] other = Seal(AeadAlgorithm.XChaCha20Poly1305, _random.Bytes(Segment), _random);
        byte[] header = made[..40];
        byte[] first = made[40..(40 + Sealed)];
        byte[] second = made[(40 + Sealed)..(40 + (2 * Sealed))];
        byte[] rest = made[(40 + (2 * Sealed))..];

        Assert.NotNull(Open([.. header, .. first, .. second, .. rest]));
        Assert.Null(Open(header));
        Assert.Null(Open([.. header, .. first]));
        Assert.Null(Open([.. header, .. first, .. second]));
        Assert.Null(Open(made.AsSpan(0, made.Length - 1)));
        Assert.Null(Open(made.AsSpan(0, made.Length - 25)));
        Assert.Null(Open([.. header, .. second, .. first, .. rest]));
        Assert.Null(Open([.. header, .. first, .. first, .. second, .. rest]));
        Assert.Null(Open([.. header, .. second, .. rest]));
        Assert.Null(Open([.. made, 0]));
        Assert.Null(Open([.. made, .. first]));
        Assert.Null(Open([.. other, .. rest]));
        Assert.Null(Open([.. header, .. other.AsSpan(40)]));
        Assert.Null(Open([]));
        Assert.Null(Open(made.AsSpan(0, 39)));
    }

    [Fact]
    public void An_empty_last_segment_after_others_is_refused()
    {
        byte[] salt = new byte[32];
        byte[] header = new byte[40];
        using SegmentCipher cipher = SegmentCipher.Create(
            AeadAlgorithm.XChaCha20Poly1305, Key, "name"u8, salt, header);
        byte[] first = new byte[Sealed];
        byte[] empty = new byte[16];
        cipher.Seal(0, isLast: false, new byte[Segment], first);
        cipher.Seal(1, isLast: true, default, empty);

        Assert.Null(Open([.. header, .. first, .. empty]));
        Assert.False(SealedStream.TryPlaintextSize(40 + Sealed + 16, out _));
    }

    [Fact]
    public void Every_flipped_bit_of_the_header_and_a_sample_of_the_others_are_noticed()
    {
        byte[] made = Seal(AeadAlgorithm.ChaCha20Poly1305, _random.Bytes(50), _random);
        for (int bit = 0; bit < 8 * made.Length; bit++)
        {
            byte[] changed = [.. made];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.Null(Open(changed));
        }
    }

    [Fact]
    public void Another_key_or_associated_data_opens_nothing()
    {
        byte[] made = Seal(AeadAlgorithm.XChaCha20Poly1305, "abc"u8, _random);
        ArrayBufferWriter<byte> opened = new();
        using StreamOpener otherData = new(Key, "nam"u8);
        using StreamOpener otherKey = new(new byte[32], "name"u8);

        Assert.False(otherData.TryWrite(made, opened) && otherData.TryFinish(opened));
        Assert.False(otherKey.TryWrite(made, opened) && otherKey.TryFinish(opened));
        Assert.False(otherKey.TryWrite(made, opened));
        Assert.Equal(0, opened.WrittenCount);
    }

    [Fact]
    public void A_finished_sealer_and_other_ciphers_are_refused()
    {
        ArrayBufferWriter<byte> written = new();
        using StreamSealer sealer = new(AeadAlgorithm.XChaCha20Poly1305, Key, default, _random);
        sealer.Finish(written);

        Assert.Throws<InvalidOperationException>(() => sealer.Finish(written));
        Assert.Throws<InvalidOperationException>(() => sealer.Write([1], written));
        Assert.Throws<ArgumentException>(() => new StreamSealer(AeadAlgorithm.Aes256Gcm, Key, default, _random));
        Assert.Throws<ArgumentException>(() => new StreamOpener(new byte[31], default));
        Assert.Throws<ArgumentOutOfRangeException>(() => SealedStream.SealedSize(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SealedStream.SealedSize(SealedStream.PlaintextSizeMax + 1));
        Assert.False(SealedStream.TryPlaintextSize(long.MaxValue, out _));
        Assert.False(SealedStream.TryPlaintextSize(long.MinValue, out _));
    }

    private static SegmentReader? Reader(byte[] made, long sealedSize) =>
        SegmentReader.TryCreate(Key, "name"u8, made.AsSpan(0, 40), sealedSize, out SegmentReader? reader)
            ? reader
            : null;

    private byte[] Seal(AeadAlgorithm algorithm, ReadOnlySpan<byte> plaintext, IRandomSource random)
    {
        using StreamSealer sealer = new(algorithm, Key, "name"u8, random);
        ArrayBufferWriter<byte> written = new();
        while (!plaintext.IsEmpty)
        {
            int taken = Math.Min(plaintext.Length, 1 + _random.Below(100_000));
            sealer.Write(plaintext[..taken], written);
            plaintext = plaintext[taken..];
        }

        sealer.Finish(written);
        return written.WrittenSpan.ToArray();
    }

    private byte[]? Open(ReadOnlySpan<byte> made)
    {
        using StreamOpener opener = new(Key, "name"u8);
        ArrayBufferWriter<byte> opened = new();
        while (!made.IsEmpty)
        {
            int taken = Math.Min(made.Length, 1 + _random.Below(100_000));
            if (!opener.TryWrite(made[..taken], opened))
            {
                return null;
            }

            made = made[taken..];
        }

        return opener.TryFinish(opened) ? opened.WrittenSpan.ToArray() : null;
    }

    private sealed class FixedRandom : IRandomSource
    {
        public void Fill(Span<byte> destination)
        {
            for (int i = 0; i < destination.Length; i++)
            {
                destination[i] = (byte)(0x80 + i);
            }
        }
    }
}
