using System.Globalization;
using SigmaComms.Bench.Channels;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Bench.Cryptography;

/// <summary>ML-DSA-65 on one thread, in operations per second of CPU time; a new message for each signature.</summary>
internal static class MlDsaBench
{
    private const int MessageBytes = 32;
    private const int Rounds = 20;
    private const int Messages = 3_000;
    private const int Repetitions = 1_000;

    /// <summary>Runs all and prints a line for each.</summary>
    public static Task Run()
    {
        byte[] seed = new byte[MlDsa65.SeedSize];
        byte[] publicKey = new byte[MlDsa65.PublicKeySize];
        byte[] privateKey = new byte[MlDsa65.PrivateKeySize];
        byte[] signature = new byte[MlDsa65.SignatureSize];
        byte[] message = new byte[MessageBytes];
        byte[] randomness = new byte[MlDsa65.RandomnessSize];
        MlDsa65.DerivePublicKey(seed, publicKey);
        MlDsa65.ExpandPrivateKey(seed, privateKey);
        using MlDsa65SigningKey signer = new(seed);
        MlDsa65VerificationKey verifier = new(publicKey);

        Measure("ML-DSA-65 key generation", Repetitions, _ => MlDsa65.DerivePublicKey(seed, publicKey));
        Measure("ML-DSA-65 sign, seed", Messages, i =>
        {
            BitConverter.TryWriteBytes(message, i);
            MlDsa65.Sign(seed, message, default, randomness, signature);
        });
        Measure("ML-DSA-65 sign, long key", Messages, i =>
        {
            BitConverter.TryWriteBytes(message, i);
            MlDsa65.TrySignWithPrivateKey(privateKey, message, default, randomness, signature);
        });
        Measure("ML-DSA-65 sign, expanded key", Messages, i =>
        {
            BitConverter.TryWriteBytes(message, i);
            signer.SignDeterministically(message, default, signature);
        });
        MlDsa65.Sign(seed, message, default, randomness, signature);
        Measure("ML-DSA-65 verify", Repetitions, _ => Require(MlDsa65.Verify(publicKey, message, default, signature)));
        Measure(
            "ML-DSA-65 verify, expanded key",
            Repetitions,
            _ => Require(verifier.Verify(message, default, signature)));
        return Task.CompletedTask;
    }

    private static void Require(bool valid)
    {
        if (!valid)
        {
            throw new InvalidOperationException("A good signature did not verify.");
        }
    }

    // The best of some rounds: what disturbs a round can only make it slower. How often signing has to try anew
    // depends on the message, so that all rounds have the same messages, and many of them.
    private static void Measure(string what, int count, Action<int> action)
    {
        double best = 0;
        for (int round = 0; round < Rounds; round++)
        {
            long start = ThreadTime.Nanoseconds;
            for (int i = 0; i < count; i++)
            {
                action(i);
            }

            best = Math.Max(best, count * 1e9 / (ThreadTime.Nanoseconds - start));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-34} {best,12:N0} /s of CPU"));
    }
}
