using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Kem;

namespace SigmaComms.ConstantTime.Tests.Probing;

/// <summary>Key encapsulation: from seeds, with keys in the long form, with expanded keys, and hybrids.</summary>
internal static class KemProbes
{
    private const int VectorSize = 1152;
    private const int SecretEnd = 32;

    private static readonly byte[] LongKey = MakeLongKey();
    private static readonly byte[] EncapsulationKey =
        LongKey.AsSpan(VectorSize, MlKem768.EncapsulationKeySize).ToArray();

    public static IEnumerable<Probe> All =>
    [
        new("ML-KEM-768 key derivation", 64, 1184, static (seed, key, _) =>
            MlKem768.DeriveEncapsulationKey(seed, key)),
        new("ML-KEM-768 key expansion", 64, 2400, static (seed, key, _) =>
            MlKem768.ExpandDecapsulationKey(seed, key)),
        new("ML-KEM-768 encapsulation", 32, 32, static (randomness, secret, _) =>
            MlKem768.TryEncapsulate(EncapsulationKey, randomness, new byte[1088], secret)),
        new("ML-KEM-768 encapsulation with an expanded key", 32, 32, EncapsulateExpanded),
        new("ML-KEM-512 decapsulation", 64, 32, static (seed, secret, _) =>
            MlKem512.Decapsulate(seed, new byte[768], secret)),
        new("ML-KEM-768 decapsulation", 64, 32, static (seed, secret, _) =>
            MlKem768.Decapsulate(seed, new byte[1088], secret)),
        new("ML-KEM-1024 decapsulation", 64, 32, static (seed, secret, _) =>
            MlKem1024.Decapsulate(seed, new byte[1568], secret)),
        new("ML-KEM-768 decapsulation with an expanded key", 64, 32, static (seed, secret, _) =>
        {
            using MlKem768DecapsulationKey key = MlKem768DecapsulationKey.FromSeed(seed);
            key.Decapsulate(new byte[1088], secret);
        }),
        new("ML-KEM-768 decapsulation with a long key", SecretsOf(LongKey), 32, static (secrets, secret, _) =>
            MlKem768.TryDecapsulateExpanded(Join(secrets), new byte[1088], secret)),
        new("ML-KEM-768 import of a long key", SecretsOf(LongKey), 32, static (secrets, secret, _) =>
        {
            if (MlKem768DecapsulationKey.TryImport(Join(secrets), out MlKem768DecapsulationKey? key))
            {
                key.Decapsulate(new byte[1088], secret);
                key.Dispose();
            }
        }),
        new("X-Wing key derivation", 32, 1216, static (seed, key, _) =>
            HybridKem.XWing.DeriveEncapsulationKey(seed, key)),
        new("X-Wing encapsulation", 64, 32, static (randomness, secret, _) =>
            HybridKem.XWing.TryEncapsulate(
                [.. EncapsulationKey, .. Probe.AnySecret(32)], randomness, new byte[1120], secret)),
        new("X-Wing decapsulation", 32, 32, static (seed, secret, _) =>
            HybridKem.XWing.TryDecapsulate(seed, new byte[1120], secret)),
        new("MLKEM768-P256 combination", 64, 32, static (secrets, secret, _) =>
            HybridKem.MlKem768P256.Combine(secrets, new byte[65], new byte[65], secret)),
        new("MLKEM1024-P384 combination", 80, 32, static (secrets, secret, _) =>
            HybridKem.MlKem1024P384.Combine(secrets, new byte[97], new byte[97], secret)),
        new("MLKEM768-P256 scalar", 128, 32, static (seed, scalar, _) =>
            NistGroup.P256.TryMakeScalar(seed, scalar)),
    ];

    private static void EncapsulateExpanded(ReadOnlySpan<byte> randomness, Span<byte> secret, Memcheck unused)
    {
        if (MlKem768EncapsulationKey.TryImport(EncapsulationKey, out MlKem768EncapsulationKey? key))
        {
            key.Encapsulate(randomness, new byte[1088], secret);
        }
    }

    // s-hat | ek | H(ek) | z: what is between the secrets is public.
    private static byte[] SecretsOf(byte[] key) => [.. key[..VectorSize], .. key[^SecretEnd..]];

    private static byte[] Join(ReadOnlySpan<byte> secrets) =>
        [.. secrets[..VectorSize], .. LongKey.AsSpan()[VectorSize..^SecretEnd], .. secrets[VectorSize..]];

    private static byte[] MakeLongKey()
    {
        byte[] key = new byte[MlKem768.DecapsulationKeySize];
        MlKem768.ExpandDecapsulationKey(new byte[MlKem768.SeedSize], key);
        return key;
    }
}
