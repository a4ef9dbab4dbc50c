using System.Buffers;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Hpke;
using SigmaComms.Cryptography.Kem;
using SigmaComms.Cryptography.KeyFormats;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cryptography.Tests.Fuzzing;

/// <summary>Every decoder of untrusted bytes in the assembly.</summary>
internal static class DecoderList
{
    private const int Quick = 4000;
    private const int Slow = 150;

    private static readonly KeyType[] KeyTypes =
    [
        KeyType.MlKem768, KeyType.MlDsa65, KeyType.X25519, KeyType.Ed25519, KeyType.MlDsa65EcdsaP256,
        KeyType.MlDsa65Ed25519, KeyType.SlhDsa128fSha2,
    ];

    // One set of the hash-based ones stands for all: they share their code and are slow.
    private static readonly SignatureAlgorithm[] SignatureAlgorithms =
        [.. AlgorithmRegistry.Signatures.Where(static algorithm =>
            !algorithm.Name.StartsWith("SLH", StringComparison.Ordinal) || algorithm.Name == "SLH-DSA-SHA2-128f")];

    public static IReadOnlyList<Decoder> All { get; } =
    [
        new("public-key-der", Quick, static () => KeyTypes.Select(static type =>
            PublicKeyFormat.EncodeDer(type, FuzzExamples.Of(type).PublicKey)), DecodePublicDer),
        new("public-key-pem", Quick, static () => KeyTypes.Select(static type =>
            PublicKeyFormat.EncodePem(type, FuzzExamples.Of(type).PublicKey)), DecodePublicPem),
        new("private-key-der", Slow * 4, static () =>
            FuzzExamples.PrivateKeys(KeyTypes, PrivateKeyFormat.EncodeDer), DecodePrivateDer),
        new("private-key-pem", Slow * 4, static () =>
            FuzzExamples.PrivateKeys(KeyTypes, PrivateKeyFormat.EncodePem), DecodePrivatePem),
        new("hpke", Slow, static () => [FuzzExamples.SealWithHpke()], DecodeHpke),
        new("sealed-stream", Quick / 8, static () =>
            [FuzzExamples.SealStream(0), FuzzExamples.SealStream(1000), FuzzExamples.SealStream(70_000)],
            DecodeStream),
        .. AlgorithmRegistry.Kems.Select(static kem => new Decoder(
            $"kem-key-{Plain(kem.Name)}", KeyRounds(kem), () => [FuzzExamples.Of(kem).PublicKey],
            input => Encapsulate(kem, input))),
        .. AlgorithmRegistry.Kems.Select(static kem => new Decoder(
            $"kem-ciphertext-{Plain(kem.Name)}", Slow, () => [FuzzExamples.Of(kem).Ciphertext],
            input => Decapsulate(kem, input))),
        .. SignatureAlgorithms.Select(static algorithm => new Decoder(
            $"signature-{Plain(algorithm.Name)}", Slow * 2, () => [FuzzExamples.Of(algorithm).Signature],
            input => Verify(algorithm, FuzzExamples.Of(algorithm).PublicKey, input) ? input : null)),
        .. SignatureAlgorithms.Select(static algorithm => new Decoder(
            $"signature-key-{Plain(algorithm.Name)}", Slow * 2, () => [FuzzExamples.Of(algorithm).PublicKey],
            input => Verify(algorithm, input, FuzzExamples.Of(algorithm).Signature) ? input : null)),
        .. KeyDecoders.All,
        .. PartDecoders.All,
    ];

    private static string Plain(string name) => string.Concat(
        name.Where(static c => char.IsAsciiLetterOrDigit(c) || c is '-'));

    // The prime curves are the framework's and slow.
    private static int KeyRounds(KemAlgorithm kem) =>
        kem.Name.Contains("P-", StringComparison.Ordinal) || kem.Name.Contains("-P", StringComparison.Ordinal)
            ? Slow / 3
            : Slow * 4;

    private static byte[]? DecodePublicDer(byte[] input) =>
        PublicKeyFormat.TryDecodeDer(input, out KeyType? type, out byte[]? key)
            ? PublicKeyFormat.EncodeDer(type!, key)
            : null;

    private static byte[]? DecodePublicPem(byte[] input) =>
        PublicKeyFormat.TryDecodePem(input, out KeyType? type, out byte[]? key)
            && type!.PublicKeySize == key!.Length ? input : null;

    private static byte[]? DecodePrivateDer(byte[] input)
    {
        if (!PrivateKeyFormat.TryDecodeDer(input, out ImportedPrivateKey? key))
        {
            return null;
        }

        using (key)
        {
            if (key!.PrivateKey is null)
            {
                return input;
            }

            PrivateKeyForm form = key.ExpandedKey is null ? PrivateKeyForm.Seed : PrivateKeyForm.Both;
            using SecretBytes encoded = PrivateKeyFormat.EncodeDer(key.Type, key.PrivateKey.Span, form);
            return encoded.Span.ToArray();
        }
    }

    private static byte[]? DecodePrivatePem(byte[] input)
    {
        bool decoded = PrivateKeyFormat.TryDecodePem(input, out ImportedPrivateKey? key);
        key?.Dispose();
        return decoded ? input : null;
    }

    private static byte[]? DecodeHpke(byte[] input)
    {
        HpkeSuite suite = FuzzExamples.Suite;
        byte[] privateKey = FuzzExamples.Of(suite.Kem.Algorithm).PrivateKey;
        int size = suite.Kem.Algorithm.CiphertextSize;
        if (input.Length < size + HpkeSender.TagSize
            || !suite.TrySetupReceiver(input.AsSpan(0, size), privateKey, default, out HpkeReceiver? receiver))
        {
            return null;
        }

        using (receiver)
        {
            byte[] plaintext = new byte[input.Length - size - HpkeSender.TagSize];
            return receiver!.TryOpen(input.AsSpan(size), default, plaintext) ? input : null;
        }
    }

    private static byte[]? DecodeStream(byte[] input)
    {
        using StreamOpener opener = new(new byte[SealedStream.KeySize], "label"u8);
        ArrayBufferWriter<byte> output = new();
        bool whole = opener.TryWrite(input, output) && opener.TryFinish(output);
        Assert.Equal(whole, OpensBySegments(input));
        return whole ? input : null;
    }

    // One who seeks takes and refuses the same streams, once all segments are read.
    private static bool OpensBySegments(byte[] input)
    {
        ReadOnlySpan<byte> header = input.AsSpan(0, Math.Min(input.Length, SealedStream.HeaderSize));
        if (!SegmentReader.TryCreate(
            new byte[SealedStream.KeySize], "label"u8, header, input.Length, out SegmentReader? reader))
        {
            return false;
        }

        using (reader)
        {
            bool all = true;
            for (long i = 0; i < reader!.SegmentCount; i++)
            {
                byte[] plaintext = new byte[reader.SegmentSize(i)];
                int start = (int)reader.SealedOffset(i);
                all &= reader.TryOpen(i, input.AsSpan(start, plaintext.Length + SealedStream.TagSize), plaintext);
            }

            return all;
        }
    }

    // Whether a key is valid is also whether something can be sent to it.
    private static byte[]? Encapsulate(KemAlgorithm kem, byte[] input)
    {
        byte[] ciphertext = new byte[kem.CiphertextSize];
        byte[] secret = new byte[kem.SharedSecretSize];
        bool valid = kem.IsValidEncapsulationKey(input);
        bool sent = input.Length == kem.EncapsulationKeySize
            && kem.TryEncapsulate(input, new SeededRandom(8), ciphertext, secret);
        Assert.Equal(valid, sent);
        return valid ? input : null;
    }

    private static byte[]? Decapsulate(KemAlgorithm kem, byte[] input)
    {
        byte[] secret = new byte[kem.SharedSecretSize];
        return input.Length == kem.CiphertextSize && kem.TryDecapsulate(FuzzExamples.Of(kem).PrivateKey, input, secret)
            ? input
            : null;
    }

    private static bool Verify(SignatureAlgorithm algorithm, byte[] publicKey, byte[] signature) =>
        algorithm.Verify(publicKey, FuzzExamples.Message, default, signature);
}
