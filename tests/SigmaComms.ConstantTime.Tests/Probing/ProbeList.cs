using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Kem;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.ConstantTime.Tests.Probing;

/// <summary>Every operation with a secret, and the planted leaks.</summary>
internal static class ProbeList
{
    private static readonly byte[] EncapsulationKey = MakeEncapsulationKey();

    public static IReadOnlyList<Probe> All { get; } =
    [
        new("planted branch", 32, 32, PlantedLeak.Branch),
        new("planted address", 32, 32, PlantedLeak.Address),
        new("ML-KEM-768 key derivation", 64, 1184, static (seed, key) =>
            MlKem768.DeriveEncapsulationKey(seed, key)),
        new("ML-KEM-768 encapsulation", 32, 32, static (randomness, secret) =>
            MlKem768.TryEncapsulate(EncapsulationKey, randomness, new byte[1088], secret)),
        new("ML-KEM-768 decapsulation", 64, 32, static (seed, secret) =>
            MlKem768.Decapsulate(seed, new byte[1088], secret)),
        new("ML-KEM-512 decapsulation", 64, 32, static (seed, secret) =>
            MlKem512.Decapsulate(seed, new byte[768], secret)),
        new("ML-KEM-1024 decapsulation", 64, 32, static (seed, secret) =>
            MlKem1024.Decapsulate(seed, new byte[1568], secret)),
        new("ML-KEM-768 decapsulation with an expanded key", 64, 32, static (seed, secret) =>
        {
            using MlKem768DecapsulationKey key = MlKem768DecapsulationKey.FromSeed(seed);
            key.Decapsulate(new byte[1088], secret);
        }),
        new("X-Wing decapsulation", 32, 32, static (seed, secret) =>
            AlgorithmRegistry.FindKem("X-Wing")!.TryDecapsulate(seed, new byte[1120], secret)),
        new("ML-DSA-44 signing", 32, 2420, static (seed, signature) =>
            MlDsa44.Sign(seed, "message"u8, default, new byte[32], signature)),
        new("ML-DSA-87 signing", 32, 4627, static (seed, signature) =>
            MlDsa87.Sign(seed, "message"u8, default, new byte[32], signature)),
        new("ML-DSA-65 signing", 32, 3309, static (seed, signature) =>
            MlDsa65.Sign(seed, "message"u8, default, new byte[32], signature)),
        new("SLH-DSA-SHA2-128f key derivation", 48, 32, static (seed, key) =>
            SlhDsa128fSha2.DeriveKeys(seed, new byte[64], key)),
        new("SLH-DSA-SHAKE-128f key derivation", 48, 32, static (seed, key) =>
            SlhDsa128fShake.DeriveKeys(seed, new byte[64], key)),
    ];

    private static byte[] MakeEncapsulationKey()
    {
        byte[] key = new byte[1184];
        MlKem768.DeriveEncapsulationKey(new byte[64], key);
        return key;
    }
}
