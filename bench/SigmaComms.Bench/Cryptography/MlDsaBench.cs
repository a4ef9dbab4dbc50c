using System.Globalization;
using SigmaComms.Bench.Channels;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Bench.Cryptography;

/// <summary>ML-DSA-65 on one thread, in operations per second of CPU time; a new message for each signature.</summary>
internal static class MlDsaBench
{
    private const int MessageBytes = 32;
    private const int Rounds = 12;
    private const long RoundNanoseconds = 150_000_000;

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

        Measure("ML-DSA-65 key generation", _ => MlDsa65.DerivePublicKey(seed, publicKey));
        Measure("ML-DSA-65 sign, seed", i =>
        {
            BitConverter.TryWriteBytes(message, i);
            MlDsa65.Sign(seed, message, default, randomness, signature);
        });
        Measure("ML-DSA-65 sign, long key", i =>
        {
            BitConverter.TryWriteBytes(message, i);
            MlDsa65.TrySignWithPrivateKey(privateKey, message, default, randomness, signature);
        });
        Measure("ML-DSA-65 sign, expanded key", i =>
        {
            BitConverter.TryWriteBytes(message, i);
            signer.Sign(message, default, SigmaComms.Cryptography.Entropy.SystemRandom.Instance, signature);
        });
        MlDsa65.Sign(seed, message, default, randomness, signature);
        Measure("ML-DSA-65 verify", _ => Require(MlDsa65.Verify(publicKey, message, default, signature)));
        Measure("ML-DSA-65 verify, expanded key", _ => Require(verifier.Verify(message, default, signature)));
        return Task.CompletedTask;
    }

    private static void Require(bool valid)
    {
        if (!valid)
        {
            throw new InvalidOperationException("A good signature did not verify.");
        }
    }

    // The best of some rounds: what disturbs a round can only make it slower. Signing needs the mean over many
    // messages, so its rounds are long enough for hundreds of them.
    private static void Measure(string what, Action<long> action)
    {
        long number = 0;
        double best = 0;
        for (int round = 0; round <= Rounds; round++)
        {
            long start = ThreadTime.Nanoseconds;
            long first = number;
            long spent;
            do
            {
                action(number++);
                spent = ThreadTime.Nanoseconds - start;
            }
            while (spent < RoundNanoseconds);

            best = Math.Max(best, (number - first) * 1e9 / spent);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-34} {best,12:N0} /s of CPU"));
    }
}
