using SigmaComms.Cryptography.Signatures;
using SigmaComms.Cryptography.Tests.Kem;
using SigmaComms.Cryptography.Tests.Signatures;

namespace SigmaComms.Cryptography.Tests.Fuzzing;

/// <summary>Keys in the standards' long forms, key objects, and signatures of hashes and representatives.</summary>
internal static class KeyDecoders
{
    private const int Rounds = 300;

    public static IEnumerable<Decoder> All =>
    [
        .. MlKemKeySurface.All.Select(static surface => new Decoder(
            $"kem-long-key-{surface.Plain.Name}",
            Rounds,
            () => [LongKeyOf(surface)],
            input => ImportSecret(surface, input))),
        .. MlKemKeySurface.All.Select(static surface => new Decoder(
            $"kem-key-object-{surface.Plain.Name}",
            Rounds,
            () => [KeyOf(surface)],
            input => ImportPublic(surface, input))),
        .. MlDsaKeySurface.All.Select(static surface => new Decoder(
            $"signature-long-key-{surface.Static.Name}",
            Rounds,
            () => [surface.Static.LongKeyOf(Seed(MlDsaSurface.SeedSize))],
            input => ImportSigner(surface, input))),
        .. MlDsaKeySurface.All.Select(static surface => new Decoder(
            $"signature-forms-{surface.Static.Name}",
            Rounds,
            () => [SignedHash(surface), SignedRepresentative(surface)],
            input => VerifyForms(surface, input))),
        new(
            "signature-hash-SLH-DSA-SHA2-128f",
            Rounds,
            static () => [SlhSignature()],
            static input => SlhDsa128fSha2.VerifyPreHashed(
                SlhKey, PreHashAlgorithm.Sha256, FuzzExamples.Message, default, input) ? input : null),
        new(
            "signature-private-key-composite",
            Rounds,
            static () => [Composite("MLDSA65-ECDSA-P256-SHA512"), Composite("MLDSA65-Ed25519-SHA512")],
            static input => MlDsa65EcdsaP256.IsValidPrivateKey(input) || MlDsa65Ed25519.IsValidPrivateKey(input)
                ? input
                : null),
    ];

    private static byte[] SlhKey => FuzzExamples.Of(AlgorithmRegistry.FindSignature("SLH-DSA-SHA2-128f")!).PublicKey;

    private static byte[] Seed(int size) => new SeededRandom(7).Bytes(size);

    private static byte[] LongKeyOf(MlKemKeySurface surface)
    {
        byte[] key = new byte[surface.Plain.DecapsulationKeySize];
        surface.Plain.ExpandDecapsulationKey(Seed(64), key);
        return key;
    }

    private static byte[] KeyOf(MlKemKeySurface surface)
    {
        byte[] key = new byte[surface.Plain.EncapsulationKeySize];
        surface.Plain.DeriveEncapsulationKey(Seed(64), key);
        return key;
    }

    // All that take a long key agree on it, and what was taken in is given out again.
    private static byte[]? ImportSecret(MlKemKeySurface surface, byte[] input)
    {
        byte[] ciphertext = new byte[surface.Plain.CiphertextSize];
        (byte[] secret, byte[] other) = (new byte[32], new byte[32]);
        bool hasSize = input.Length == surface.Plain.DecapsulationKeySize;
        bool recovered = hasSize && surface.Plain.TryDecapsulateExpanded(input, ciphertext, secret);
        MlKemKeySurface.Secret? key = surface.ImportSecret(input);
        Assert.Equal(key is not null, recovered);
        Assert.True(surface.Plain.IsValidDecapsulationKey(input) || !recovered);
        if (key is null)
        {
            return null;
        }

        using IDisposable owner = key.Owner;
        byte[] again = new byte[input.Length];
        key.Decapsulate(ciphertext, other);
        key.ExportLong(again);
        Assert.Equal(secret, other);
        return again;
    }

    private static byte[]? ImportPublic(MlKemKeySurface surface, byte[] input)
    {
        byte[] ciphertext = new byte[surface.Plain.CiphertextSize];
        byte[] secret = new byte[32];
        MlKemKeySurface.Public? key = surface.ImportPublic(input);
        bool sent = input.Length == surface.Plain.EncapsulationKeySize
            && surface.Plain.TryEncapsulate(input, new byte[32], ciphertext, secret);
        Assert.Equal(key is not null, sent);
        if (key is null)
        {
            return null;
        }

        byte[] again = new byte[input.Length];
        key.Export(again);
        return again;
    }

    // Signing takes what has its coefficients in range; importing checks besides that the parts belong together.
    private static byte[]? ImportSigner(MlDsaKeySurface surface, byte[] input)
    {
        byte[] signature = new byte[surface.Static.SignatureSize];
        bool hasSize = input.Length == surface.Static.PrivateKeySize;
        bool signed = hasSize && surface.Static.TrySignWithPrivateKey(
            input, FuzzExamples.Message, default, new byte[32], signature);
        using MlDsaKeySurface.Signer? key = surface.Import(input);
        Assert.True(signed || key is null);
        return key is null ? null : input;
    }

    private static byte[] SignedHash(MlDsaKeySurface surface)
    {
        byte[] signature = new byte[surface.Static.SignatureSize];
        surface.Static.SignPreHashed(
            Seed(32), PreHashAlgorithm.Sha512, FuzzExamples.Message, default, new byte[32], signature);
        return signature;
    }

    private static byte[] SignedRepresentative(MlDsaKeySurface surface)
    {
        byte[] signature = new byte[surface.Static.SignatureSize];
        surface.Static.SignRepresentative(Seed(32), new byte[64], new byte[32], signature);
        return signature;
    }

    private static byte[]? VerifyForms(MlDsaKeySurface surface, byte[] input)
    {
        byte[] publicKey = surface.Static.PublicKeyOf(Seed(32));
        using MlDsaKeySurface.Signer key = surface.New(Seed(32));
        bool hash = surface.Static.VerifyPreHashed(
            publicKey, PreHashAlgorithm.Sha512, FuzzExamples.Message, default, input);
        bool representative = surface.Static.VerifyRepresentative(publicKey, new byte[64], input);
        Assert.Equal(
            hash, key.VerifyPreHashed(PreHashAlgorithm.Sha512, FuzzExamples.Message, default, input));
        Assert.Equal(representative, key.VerifyRepresentative(new byte[64], input));
        Assert.False(key.Verify(FuzzExamples.Message, default, input));
        return hash || representative ? input : null;
    }

    private static byte[] SlhSignature()
    {
        byte[] signature = new byte[SlhDsa128fSha2.SignatureSize];
        SlhDsa128fSha2.SignPreHashed(
            FuzzExamples.Of(AlgorithmRegistry.FindSignature("SLH-DSA-SHA2-128f")!).PrivateKey,
            PreHashAlgorithm.Sha256,
            FuzzExamples.Message,
            default,
            new byte[16],
            signature);
        return signature;
    }

    private static byte[] Composite(string name) =>
        FuzzExamples.Of(AlgorithmRegistry.FindSignature(name)!).PrivateKey;
}
