using System.Buffers;
using System.Collections.Concurrent;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Hpke;
using SigmaComms.Cryptography.Kem;
using SigmaComms.Cryptography.KeyFormats;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cryptography.Tests.Fuzzing;

/// <summary>Valid inputs, always the same ones, and the keys that go with them.</summary>
internal static class FuzzExamples
{
    private const ulong Seed = 7;

    private static readonly ConcurrentDictionary<string, (byte[] PrivateKey, byte[] PublicKey, byte[] Output)> Made =
        new(StringComparer.Ordinal);

    /// <summary>What the signatures in the corpus sign.</summary>
    public static byte[] Message { get; } = "a message"u8.ToArray();

    /// <summary>The suite of the HPKE corpus.</summary>
    public static HpkeSuite Suite { get; } = new(HpkeKem.XWing, HpkeKdf.Sha256, HpkeAead.Aes256Gcm);

    /// <summary>A key pair and a ciphertext for it.</summary>
    public static (byte[] PrivateKey, byte[] PublicKey, byte[] Ciphertext) Of(KemAlgorithm kem) =>
        Made.GetOrAdd(kem.Name, _ =>
        {
            SeededRandom random = new(Seed);
            byte[] privateKey = new byte[kem.PrivateKeySize];
            byte[] publicKey = new byte[kem.EncapsulationKeySize];
            byte[] ciphertext = new byte[kem.CiphertextSize];
            kem.GeneratePrivateKey(random, privateKey);
            kem.DeriveEncapsulationKey(privateKey, publicKey);
            Assert.True(kem.TryEncapsulate(publicKey, random, ciphertext, new byte[kem.SharedSecretSize]));
            return (privateKey, publicKey, ciphertext);
        });

    /// <summary>A key pair and a signature of <see cref="Message"/>.</summary>
    public static (byte[] PrivateKey, byte[] PublicKey, byte[] Signature) Of(SignatureAlgorithm algorithm) =>
        Made.GetOrAdd(algorithm.Name, _ =>
        {
            byte[] privateKey = new byte[algorithm.PrivateKeySize];
            byte[] publicKey = new byte[algorithm.PublicKeySize];
            byte[] signature = new byte[algorithm.SignatureSizeMax];
            algorithm.GeneratePrivateKey(new SeededRandom(Seed), privateKey);
            algorithm.DerivePublicKey(privateKey, publicKey);
            int size = algorithm.Sign(
                privateKey, Message, default, new byte[algorithm.RandomnessSize], signature);
            return (privateKey, publicKey, signature[..size]);
        });

    /// <summary>A key pair of a type that has a file format.</summary>
    public static (byte[] PrivateKey, byte[] PublicKey) Of(KeyType type)
    {
        if (AlgorithmRegistry.FindKem(type.Name) is { } kem)
        {
            return (Of(kem).PrivateKey, Of(kem).PublicKey);
        }

        if (AlgorithmRegistry.FindSignature(type.Name) is { } algorithm)
        {
            return (Of(algorithm).PrivateKey, Of(algorithm).PublicKey);
        }

        Assert.Equal(KeyType.X25519, type);
        byte[] privateKey = new byte[X25519.KeySize];
        byte[] publicKey = new byte[X25519.KeySize];
        new SeededRandom(Seed).Fill(privateKey);
        X25519.DerivePublicKey(privateKey, publicKey);
        return (privateKey, publicKey);
    }

    /// <summary>An encapsulated key and a sealed message.</summary>
    public static byte[] SealWithHpke()
    {
        (_, byte[] publicKey, byte[] encapsulated) = Of(Suite.Kem.Algorithm);
        byte[] enc = new byte[encapsulated.Length];
        Assert.True(Suite.TrySetupSender(publicKey, default, new SeededRandom(Seed), enc, out HpkeSender? sender));
        using (sender)
        {
            byte[] ciphertext = new byte[Message.Length + HpkeSender.TagSize];
            sender!.Seal(Message, default, ciphertext);
            return [.. enc, .. ciphertext];
        }
    }

    /// <summary>A sealed stream under the key of all zeros.</summary>
    public static byte[] SealStream(int size)
    {
        ArrayBufferWriter<byte> output = new();
        using StreamSealer sealer = new(
            AeadAlgorithm.XChaCha20Poly1305, new byte[SealedStream.KeySize], "label"u8, new SeededRandom(Seed));
        sealer.Write(new byte[size], output);
        sealer.Finish(output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Private keys in every form that each type has.</summary>
    public static IEnumerable<byte[]> PrivateKeys(
        IEnumerable<KeyType> types, Func<KeyType, ReadOnlySpan<byte>, PrivateKeyForm, SecretBytes> encode)
    {
        foreach (KeyType type in types)
        {
            foreach (PrivateKeyForm form in Enum.GetValues<PrivateKeyForm>().Take(type.ExpandedKeySize > 0 ? 3 : 1))
            {
                using SecretBytes encoded = encode(type, Of(type).PrivateKey, form);
                yield return encoded.Span.ToArray();
            }
        }
    }
}
