using System.Globalization;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SigmaComms.Bench.Channels;
using SigmaComms.Cryptography.Kem;

namespace SigmaComms.Bench.Cryptography;

/// <summary>ML-KEM on one thread: operations for each second of CPU time, the best of several rounds.</summary>
/// <remarks>The instruction sets are chosen by DOTNET_EnableAVX512=0, DOTNET_EnableAVX2=0 and the like.</remarks>
internal static class KemBench
{
    private const long WarmUpNanoseconds = 400_000_000;
    private const long RoundNanoseconds = 150_000_000;
    private const int Rounds = 8;
    private const int Batch = 64;

    /// <summary>Runs all and prints a line for each.</summary>
    public static void Run()
    {
        string set = Vector512.IsHardwareAccelerated ? "AVX-512" : Avx2.IsSupported ? "AVX2" : "less than AVX2";
        Console.WriteLine($"instructions: {set}");
        MlKem512Line();
        MlKem768Line();
        MlKem1024Line();
    }

    private static void MlKem512Line()
    {
        byte[] seed = new byte[MlKem512.SeedSize];
        byte[] key = new byte[MlKem512.EncapsulationKeySize];
        byte[] longKey = new byte[MlKem512.DecapsulationKeySize];
        byte[] ciphertext = new byte[MlKem512.CiphertextSize];
        byte[] secret = new byte[MlKem512.SharedSecretSize];
        byte[] given = new byte[MlKem512.RandomnessSize];
        using MlKem512DecapsulationKey kept = MlKem512DecapsulationKey.FromSeed(seed);
        kept.ExportEncapsulationKey(key);
        kept.ExportDecapsulationKey(longKey);
        _ = MlKem512EncapsulationKey.TryImport(key, out MlKem512EncapsulationKey? peer);
        Print("ML-KEM-512 keygen", () => MlKem512.DeriveEncapsulationKey(seed, key));
        Print("ML-KEM-512 keygen, long form", () => MlKem512.ExpandDecapsulationKey(seed, longKey));
        Print("ML-KEM-512 encaps", () => MlKem512.TryEncapsulate(key, given, ciphertext, secret));
        Print("ML-KEM-512 encaps, fresh", () => MlKem512.TryEncapsulate(key, ciphertext, secret));
        Print("ML-KEM-512 decaps, long form", () => MlKem512.TryDecapsulateExpanded(longKey, ciphertext, secret));
        Print("ML-KEM-512 decaps, seed", () => MlKem512.Decapsulate(seed, ciphertext, secret));
        Print("ML-KEM-512 encaps, key object", () => peer!.Encapsulate(given, ciphertext, secret));
        Print("ML-KEM-512 decaps, key object", () => kept.Decapsulate(ciphertext, secret));
    }

    private static void MlKem768Line()
    {
        byte[] seed = new byte[MlKem768.SeedSize];
        byte[] key = new byte[MlKem768.EncapsulationKeySize];
        byte[] longKey = new byte[MlKem768.DecapsulationKeySize];
        byte[] ciphertext = new byte[MlKem768.CiphertextSize];
        byte[] secret = new byte[MlKem768.SharedSecretSize];
        byte[] given = new byte[MlKem768.RandomnessSize];
        using MlKem768DecapsulationKey kept = MlKem768DecapsulationKey.FromSeed(seed);
        kept.ExportEncapsulationKey(key);
        kept.ExportDecapsulationKey(longKey);
        _ = MlKem768EncapsulationKey.TryImport(key, out MlKem768EncapsulationKey? peer);
        Print("ML-KEM-768 keygen", () => MlKem768.DeriveEncapsulationKey(seed, key));
        Print("ML-KEM-768 keygen, long form", () => MlKem768.ExpandDecapsulationKey(seed, longKey));
        Print("ML-KEM-768 encaps", () => MlKem768.TryEncapsulate(key, given, ciphertext, secret));
        Print("ML-KEM-768 encaps, fresh", () => MlKem768.TryEncapsulate(key, ciphertext, secret));
        Print("ML-KEM-768 decaps, long form", () => MlKem768.TryDecapsulateExpanded(longKey, ciphertext, secret));
        Print("ML-KEM-768 decaps, seed", () => MlKem768.Decapsulate(seed, ciphertext, secret));
        Print("ML-KEM-768 encaps, key object", () => peer!.Encapsulate(given, ciphertext, secret));
        Print("ML-KEM-768 decaps, key object", () => kept.Decapsulate(ciphertext, secret));
    }

    private static void MlKem1024Line()
    {
        byte[] seed = new byte[MlKem1024.SeedSize];
        byte[] key = new byte[MlKem1024.EncapsulationKeySize];
        byte[] longKey = new byte[MlKem1024.DecapsulationKeySize];
        byte[] ciphertext = new byte[MlKem1024.CiphertextSize];
        byte[] secret = new byte[MlKem1024.SharedSecretSize];
        byte[] given = new byte[MlKem1024.RandomnessSize];
        using MlKem1024DecapsulationKey kept = MlKem1024DecapsulationKey.FromSeed(seed);
        kept.ExportEncapsulationKey(key);
        kept.ExportDecapsulationKey(longKey);
        _ = MlKem1024EncapsulationKey.TryImport(key, out MlKem1024EncapsulationKey? peer);
        Print("ML-KEM-1024 keygen", () => MlKem1024.DeriveEncapsulationKey(seed, key));
        Print("ML-KEM-1024 keygen, long form", () => MlKem1024.ExpandDecapsulationKey(seed, longKey));
        Print("ML-KEM-1024 encaps", () => MlKem1024.TryEncapsulate(key, given, ciphertext, secret));
        Print("ML-KEM-1024 encaps, fresh", () => MlKem1024.TryEncapsulate(key, ciphertext, secret));
        Print("ML-KEM-1024 decaps, long form", () => MlKem1024.TryDecapsulateExpanded(longKey, ciphertext, secret));
        Print("ML-KEM-1024 decaps, seed", () => MlKem1024.Decapsulate(seed, ciphertext, secret));
        Print("ML-KEM-1024 encaps, key object", () => peer!.Encapsulate(given, ciphertext, secret));
        Print("ML-KEM-1024 decaps, key object", () => kept.Decapsulate(ciphertext, secret));
    }

    private static void Print(string what, Action operation) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-32} {Measure(operation),12:N0} /s"));

    private static double Measure(Action operation)
    {
        for (long start = ThreadTime.Nanoseconds; ThreadTime.Nanoseconds - start < WarmUpNanoseconds;)
        {
            operation();
        }

        double best = 0;
        for (int round = 0; round < Rounds; round++)
        {
            int count = 0;
            long start = ThreadTime.Nanoseconds;
            long spent = 0;
            while (spent < RoundNanoseconds)
            {
                for (int i = 0; i < Batch; i++)
                {
                    operation();
                }

                count += Batch;
                spent = ThreadTime.Nanoseconds - start;
            }

            best = Math.Max(best, count * 1e9 / spent);
        }

        return best;
    }
}
