using System.Globalization;
using System.Text;
using SigmaComms.Bench.Channels;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Bench.Cryptography;

/// <summary>All sets of SLH-DSA on one thread, in operations per second of CPU time.</summary>
internal static class SlhDsaBench
{
    private const int Rounds = 4;
    private const long RoundNanoseconds = 300_000_000;

    private delegate void DeriveKeys(ReadOnlySpan<byte> seed, Span<byte> privateKey, Span<byte> publicKey);

    private delegate void Sign(
        ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> context, Span<byte> signature);

    private delegate bool Verify(
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature);

    /// <summary>Runs all and prints a line for each.</summary>
    public static Task Run()
    {
        Console.WriteLine($"{"operations per CPU-second",-26} {"keys",10} {"sign",10} {"verify",10}");
        Measure("SLH-DSA-SHA2-128s", 16, 7856, SlhDsa128sSha2.DeriveKeys, SlhDsa128sSha2.Sign, SlhDsa128sSha2.Verify);
        Measure("SLH-DSA-SHA2-128f", 16, 17088, SlhDsa128fSha2.DeriveKeys, SlhDsa128fSha2.Sign, SlhDsa128fSha2.Verify);
        Measure("SLH-DSA-SHA2-192s", 24, 16224, SlhDsa192sSha2.DeriveKeys, SlhDsa192sSha2.Sign, SlhDsa192sSha2.Verify);
        Measure("SLH-DSA-SHA2-192f", 24, 35664, SlhDsa192fSha2.DeriveKeys, SlhDsa192fSha2.Sign, SlhDsa192fSha2.Verify);
        Measure("SLH-DSA-SHA2-256s", 32, 29792, SlhDsa256sSha2.DeriveKeys, SlhDsa256sSha2.Sign, SlhDsa256sSha2.Verify);
        Measure("SLH-DSA-SHA2-256f", 32, 49856, SlhDsa256fSha2.DeriveKeys, SlhDsa256fSha2.Sign, SlhDsa256fSha2.Verify);
        MeasureShake();
        return Task.CompletedTask;
    }

    private static void MeasureShake()
    {
        Measure(
            "SLH-DSA-SHAKE-128s", 16, 7856, SlhDsa128sShake.DeriveKeys, SlhDsa128sShake.Sign, SlhDsa128sShake.Verify);
        Measure(
            "SLH-DSA-SHAKE-128f", 16, 17088, SlhDsa128fShake.DeriveKeys, SlhDsa128fShake.Sign, SlhDsa128fShake.Verify);
        Measure(
            "SLH-DSA-SHAKE-192s", 24, 16224, SlhDsa192sShake.DeriveKeys, SlhDsa192sShake.Sign, SlhDsa192sShake.Verify);
        Measure(
            "SLH-DSA-SHAKE-192f", 24, 35664, SlhDsa192fShake.DeriveKeys, SlhDsa192fShake.Sign, SlhDsa192fShake.Verify);
        Measure(
            "SLH-DSA-SHAKE-256s", 32, 29792, SlhDsa256sShake.DeriveKeys, SlhDsa256sShake.Sign, SlhDsa256sShake.Verify);
        Measure(
            "SLH-DSA-SHAKE-256f", 32, 49856, SlhDsa256fShake.DeriveKeys, SlhDsa256fShake.Sign, SlhDsa256fShake.Verify);
    }

    private static void Measure(
        string name, int hashSizeBytes, int signatureSizeBytes, DeriveKeys derive, Sign sign, Verify verify)
    {
        byte[] seed = Encoding.ASCII.GetBytes(new string('s', 3 * hashSizeBytes));
        byte[] privateKey = new byte[4 * hashSizeBytes];
        byte[] publicKey = new byte[2 * hashSizeBytes];
        byte[] message = new byte[32];
        byte[] signature = new byte[signatureSizeBytes];
        double keys = Best(_ => derive(seed, privateKey, publicKey));
        double signed = Best(i =>
        {
            BitConverter.TryWriteBytes(message, i);
            sign(privateKey, message, default, signature);
        });
        double verified = Best(_ =>
        {
            if (!verify(publicKey, message, default, signature))
            {
                throw new InvalidOperationException("A good signature did not verify.");
            }
        });
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name,-26} {keys,10:N1} {signed,10:N1} {verified,10:N0}"));
    }

    // The best of some rounds: what disturbs a round can only make it slower.
    private static double Best(Action<long> action)
    {
        long number = 0;
        double best = 0;
        for (int round = 0; round < Rounds; round++)
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

        return best;
    }
}
