using System.Buffers.Binary;
using System.Formats.Asn1;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Lattice;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cryptography.Tests.Fuzzing;

/// <summary>Decoders that others are made of, each by itself, so that no check before it hides it.</summary>
internal static class PartDecoders
{
    private const int Quick = 4000;
    private const int LongestOpaque = 500;

    public static IEnumerable<Decoder> All =>
    [
        new("wire", Quick, static () => [Wire()], DecodeWire),
        new("digest", Quick, static () => [Text(Digest.Sha256("a"u8).ToString())], DecodeDigest),
        new("ecdsa-signature", Quick, static () => [EcdsaSignature(1, 2), EcdsaSignature(0x80, 0xFF)], DecodeEcdsa),
        .. AlgorithmRegistry.Aeads.Select(static algorithm => new Decoder(
            $"aead-{algorithm.Name}", Quick / 4, () => [Seal(algorithm, 0), Seal(algorithm, 100)],
            input => Open(algorithm, input))),
        new("sealed-stream-size", Quick, static () => [Size(56), Size(1056), Size(70_072)], DecodeSize),
        .. new[] { MlDsaParameters.MlDsa44, MlDsaParameters.MlDsa65, MlDsaParameters.MlDsa87 }.Select(
            static set => new Decoder(
                $"hints-of-{set.Rows}-rows", Quick, () => [Hints(set, 0), Hints(set, set.HintsMax)],
                input => DecodeHints(set, input))),
    ];

    private static byte[] Text(string text) => System.Text.Encoding.ASCII.GetBytes(text);

    private static byte[] Wire() => new WireWriter()
        .U8(7)
        .U16(60_000)
        .U24(0xFFFFFE)
        .U32(4_000_000_000)
        .U64(ulong.MaxValue - 1)
        .Flag(true)
        .Digest(Digest.Sha256("wire"u8))
        .Opaque8([1, 2, 3])
        .Opaque16(new byte[20])
        .Opaque24([4])
        .Opaque32([5, 6])
        .Fixed([9, 9, 8])
        .ToArray();

    private static byte[]? DecodeWire(byte[] input)
    {
        WireReader reader = new(input);
        WireWriter again = new WireWriter()
            .U8(reader.U8())
            .U16(reader.U16())
            .U24(reader.U24())
            .U32(reader.U32())
            .U64(reader.U64())
            .Flag(reader.Flag())
            .Digest(reader.Digest())
            .Opaque8(reader.Opaque8())
            .Opaque16(reader.Opaque16(LongestOpaque))
            .Opaque24(reader.Opaque24(LongestOpaque))
            .Opaque32(reader.Opaque32(LongestOpaque))
            .Fixed(reader.Rest());
        return reader.AtEnd ? again.ToArray() : null;
    }

    // Both cases of letters are taken; the encoder writes the lower one.
    private static byte[]? DecodeDigest(byte[] input)
    {
        string text = System.Text.Encoding.Latin1.GetString(input);
        bool good = Digest.TryParse(text, out Digest digest);
        Assert.Equal(good, NodeId.TryParse(text, out NodeId id));
        Assert.Equal(digest, id.Value);
        return good && string.Equals(digest.ToString(), text, StringComparison.OrdinalIgnoreCase) ? input : null;
    }

    private static byte[] EcdsaSignature(byte r, byte s)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned([r, .. new byte[31]]);
            writer.WriteIntegerUnsigned([s]);
        }

        return writer.Encode();
    }

    private static byte[]? DecodeEcdsa(byte[] input)
    {
        byte[] numbers = new byte[64];
        if (!EcdsaEncoding.TryRead(input, numbers))
        {
            return null;
        }

        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(Shortest(numbers.AsSpan(0, 32)));
            writer.WriteIntegerUnsigned(Shortest(numbers.AsSpan(32)));
        }

        return writer.Encode();
    }

    private static ReadOnlySpan<byte> Shortest(ReadOnlySpan<byte> number)
    {
        int first = number.IndexOfAnyExcept((byte)0);
        return first < 0 ? number[^1..] : number[first..];
    }

    private static byte[] Seal(AeadAlgorithm algorithm, int size)
    {
        using AeadCipher cipher = algorithm.Create(new byte[algorithm.KeySize]);
        byte[] ciphertext = new byte[size + AeadAlgorithm.TagSize];
        cipher.Seal(new byte[algorithm.NonceSize], new byte[size], "data"u8, ciphertext);
        return ciphertext;
    }

    private static byte[]? Open(AeadAlgorithm algorithm, byte[] input)
    {
        using AeadCipher cipher = algorithm.Create(new byte[algorithm.KeySize]);
        byte[] plaintext = new byte[Math.Max(0, input.Length - AeadAlgorithm.TagSize)];
        if (!cipher.TryOpen(new byte[algorithm.NonceSize], input, "data"u8, plaintext))
        {
            Assert.Equal(-1, plaintext.AsSpan().IndexOfAnyExcept((byte)0));
            return null;
        }

        byte[] again = new byte[input.Length];
        cipher.Seal(new byte[algorithm.NonceSize], plaintext, "data"u8, again);
        return again;
    }

    private static byte[] Size(long size)
    {
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, size);
        return bytes;
    }

    private static byte[]? DecodeSize(byte[] input) =>
        input.Length == sizeof(long)
        && SealedStream.TryPlaintextSize(BinaryPrimitives.ReadInt64LittleEndian(input), out long size)
            ? Size(SealedStream.SealedSize(size))
            : null;

    private static byte[] Hints(MlDsaParameters set, int ones)
    {
        uint[] hints = new uint[set.Rows * MlDsaRing.Degree];
        for (int i = 0; i < ones; i++)
        {
            hints[i * 11] = 1;
        }

        byte[] bytes = new byte[set.HintsMax + set.Rows];
        MlDsaEncoding.PackHints(set, hints, bytes);
        return bytes;
    }

    private static byte[]? DecodeHints(MlDsaParameters set, byte[] input)
    {
        uint[] hints = new uint[set.Rows * MlDsaRing.Degree];
        if (input.Length != set.HintsMax + set.Rows || !MlDsaEncoding.TryUnpackHints(set, input, hints))
        {
            return null;
        }

        byte[] again = new byte[input.Length];
        MlDsaEncoding.PackHints(set, hints, again);
        return again;
    }
}
