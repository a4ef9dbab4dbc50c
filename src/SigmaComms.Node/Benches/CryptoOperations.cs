using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Cryptography.Kem;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Node.Benches;

/// <summary>Every algorithm of the registry, and keys that were expanded once.</summary>
internal static class CryptoOperations
{
    private const int MessageSize = 64;
    private const int BulkSize = 16 * 1024;

    /// <summary>All operations, in the order of the registry.</summary>
    public static IEnumerable<CryptoOperation> All =>
        AlgorithmRegistry.Kems.SelectMany(OfKem)
            .Concat(Expanded)
            .Concat(AlgorithmRegistry.Signatures.SelectMany(OfSignature))
            .Concat(AlgorithmRegistry.Aeads.Select(OfAead))
            .Concat(Hashes);

    private static IEnumerable<CryptoOperation> Expanded =>
    [
        new("ML-KEM-768, expanded key", "decapsulate", 0, static () =>
        {
            MlKem768DecapsulationKey key = MlKem768DecapsulationKey.Generate();
            byte[] public768 = new byte[MlKem768.EncapsulationKeySize];
            byte[] ciphertext = new byte[MlKem768.CiphertextSize];
            byte[] secret = new byte[MlKem768.SharedSecretSize];
            key.ExportEncapsulationKey(public768);
            MlKem768.TryEncapsulate(public768, ciphertext, secret);
            return () => key.Decapsulate(ciphertext, secret);
        }),
        new("ML-DSA-65, expanded key", "sign", 0, static () =>
        {
            MlDsa65SigningKey key = MlDsa65SigningKey.Generate(SystemRandom.Instance);
            byte[] message = Random(MessageSize);
            return () => key.Sign(message, default, SystemRandom.Instance);
        }),
        new("ML-DSA-65, expanded key", "verify", 0, static () =>
        {
            MlDsa65SigningKey key = MlDsa65SigningKey.Generate(SystemRandom.Instance);
            byte[] message = Random(MessageSize);
            byte[] signature = key.Sign(message, default, SystemRandom.Instance);
            MlDsa65VerificationKey verifier = new(key.PublicKey.Span);
            return () => verifier.Verify(message, default, signature);
        }),
    ];

    private static IEnumerable<CryptoOperation> Hashes =>
    [
        new("SHA-256", "hash", BulkSize, static () =>
        {
            byte[] data = Random(BulkSize);
            return () => Digest.Sha256(data);
        }),
        new("Argon2id, 64 MiB, 3 passes", "derive", 0, static () =>
        {
            byte[] key = new byte[32];
            byte[] salt = Random(16);
            return () => Argon2id.DeriveKey("password"u8, salt, Argon2Cost.Interactive, key);
        }),
    ];

    private static IEnumerable<CryptoOperation> OfKem(KemAlgorithm kem)
    {
        yield return new(kem.Name, "generate", 0, () =>
        {
            KemPair pair = new(kem);
            return pair.Generate;
        });
        yield return new(kem.Name, "encapsulate", 0, () =>
        {
            KemPair pair = new(kem);
            return pair.Encapsulate;
        });
        yield return new(kem.Name, "decapsulate", 0, () =>
        {
            KemPair pair = new(kem);
            return pair.Decapsulate;
        });
    }

    private static IEnumerable<CryptoOperation> OfSignature(SignatureAlgorithm algorithm)
    {
        yield return new(algorithm.Name, "generate", 0, () =>
        {
            SignaturePair pair = new(algorithm, MessageSize);
            return pair.Generate;
        });
        yield return new(algorithm.Name, "sign", 0, () =>
        {
            SignaturePair pair = new(algorithm, MessageSize);
            return pair.Sign;
        });
        yield return new(algorithm.Name, "verify", 0, () =>
        {
            SignaturePair pair = new(algorithm, MessageSize);
            return pair.Verify;
        });
    }

    private static CryptoOperation OfAead(AeadAlgorithm algorithm) => new(algorithm.Name, "seal", BulkSize, () =>
    {
        AeadCipher cipher = algorithm.Create(Random(algorithm.KeySize));
        byte[] nonce = new byte[algorithm.NonceSize];
        byte[] data = Random(BulkSize);
        byte[] sealedData = new byte[BulkSize + AeadAlgorithm.TagSize];
        return () => cipher.Seal(nonce, data, default, sealedData);
    });

    private static byte[] Random(int size)
    {
        byte[] bytes = new byte[size];
        SystemRandom.Instance.Fill(bytes);
        return bytes;
    }
}
