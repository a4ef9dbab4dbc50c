using System.Buffers;
using System.Runtime.CompilerServices;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Hpke;
using SigmaComms.Cryptography.Kem;

namespace SigmaComms.ConstantTime.Tests.Probing;

/// <summary>What is built from keys of others: HPKE, sealed streams, and small things that touch secrets.</summary>
internal static class ProtocolProbes
{
    private const int MessageSize = 100;

    private static readonly HpkeSuite Suite =
        new(HpkeKem.MlKem768, HpkeKdf.Sha256, HpkeAead.ChaCha20Poly1305);

    public static IEnumerable<Probe> All =>
    [
        new("HPKE seal", 32, MessageSize + 16, SealHpke),
        new("HPKE open", 64, MessageSize, OpenHpke),
        new("HPKE open with X25519", 32, MessageSize, OpenHpkeX25519),
        new("HPKE key derivation", 64, 64, static (input, key, _) => HpkeKem.MlKem768.DerivePrivateKey(input, key)),
        new("sealed stream, sealing", 32, 40 + MessageSize + 16, static (key, output, _) =>
            Seal(key, AeadAlgorithm.XChaCha20Poly1305).CopyTo(output)),
        new("sealed stream, opening", 32, MessageSize, static (key, output, memcheck) =>
            OpenStream(key, output, memcheck, AeadAlgorithm.XChaCha20Poly1305)),
        new("sealed stream, opening with ChaCha20", 32, MessageSize, static (key, output, memcheck) =>
            OpenStream(key, output, memcheck, AeadAlgorithm.ChaCha20Poly1305)),
        new("sealed stream, opening a segment", 32, MessageSize, OpenSegment),
        new("scalar of P-256 within range", 32, 1, static (scalar, output, _) =>
            output[0] = Unsafe.BitCast<bool, byte>(NistCurve.P256.IsScalar(scalar))),
        new("comparison of secrets", 32, 1, static (secret, output, _) =>
        {
            using SecretBytes bytes = new(secret);
            output[0] = Unsafe.BitCast<bool, byte>(bytes.FixedTimeEquals(new byte[32]));
        }),
    ];

    private static void SealHpke(ReadOnlySpan<byte> randomness, Span<byte> ciphertext, Memcheck unused)
    {
        byte[] key = new byte[MlKem768.EncapsulationKeySize];
        MlKem768.DeriveEncapsulationKey(new byte[MlKem768.SeedSize], key);
        FixedSource random = new(randomness.ToArray());
        Suite.TrySetupSender(key, default, random, new byte[MlKem768.CiphertextSize], out HpkeSender? sender);
        using (sender)
        {
            sender!.Seal(new byte[MessageSize], default, ciphertext);
        }
    }

    // The tag is false, as the secret of a random ciphertext is nobody's; the answer of the call is public.
    private static void OpenHpke(ReadOnlySpan<byte> privateKey, Span<byte> plaintext, Memcheck unused) =>
        Open(Suite, privateKey, new byte[MlKem768.CiphertextSize], plaintext);

    private static void OpenHpkeX25519(ReadOnlySpan<byte> privateKey, Span<byte> plaintext, Memcheck unused)
    {
        HpkeSuite suite = new(HpkeKem.X25519, HpkeKdf.Sha256, HpkeAead.Aes256Gcm);
        Open(suite, privateKey, Probe.AnySecret(32), plaintext);
    }

    private static void Open(
        HpkeSuite suite, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> encapsulated, Span<byte> plaintext)
    {
        suite.TrySetupReceiver(encapsulated, privateKey, default, out HpkeReceiver? receiver);
        using (receiver)
        {
            receiver!.TryOpen(new byte[MessageSize + AeadAlgorithm.TagSize], default, plaintext);
            receiver.Export(default, plaintext);
        }
    }

    private static byte[] Seal(ReadOnlySpan<byte> key, AeadAlgorithm algorithm)
    {
        ArrayBufferWriter<byte> output = new();
        using StreamSealer sealer = new(algorithm, key, "data"u8, new FixedSource(new byte[32]));
        sealer.Write(new byte[MessageSize], output);
        sealer.Finish(output);
        return output.WrittenSpan.ToArray();
    }

    // Sealed with the same key, so that it opens; the sealed bytes are public.
    private static byte[] SealPublicly(ReadOnlySpan<byte> key, Memcheck memcheck, AeadAlgorithm algorithm)
    {
        byte[] copy = GC.AllocateUninitializedArray<byte>(key.Length, pinned: true);
        key.CopyTo(copy);
        memcheck.Declassify(copy);
        return Seal(copy, algorithm);
    }

    private static void OpenStream(
        ReadOnlySpan<byte> key, Span<byte> plaintext, Memcheck memcheck, AeadAlgorithm algorithm)
    {
        ArrayBufferWriter<byte> output = new();
        using StreamOpener opener = new(key, "data"u8);
        opener.TryWrite(SealPublicly(key, memcheck, algorithm), output);
        opener.TryFinish(output);
        output.WrittenSpan.CopyTo(plaintext);
    }

    private static void OpenSegment(ReadOnlySpan<byte> key, Span<byte> plaintext, Memcheck memcheck)
    {
        byte[] whole = SealPublicly(key, memcheck, AeadAlgorithm.XChaCha20Poly1305);
        ReadOnlySpan<byte> header = whole.AsSpan(0, SealedStream.HeaderSize);
        SegmentReader.TryCreate(key, "data"u8, header, whole.Length, out SegmentReader? reader);
        using (reader)
        {
            reader!.TryOpen(0, whole.AsSpan(SealedStream.HeaderSize), plaintext);
        }
    }
}
