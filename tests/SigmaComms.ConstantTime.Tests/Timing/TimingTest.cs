using System.Diagnostics;

namespace SigmaComms.ConstantTime.Tests.Timing;

/// <summary>
/// Whether the time of an operation tells a fixed secret from random ones: Reparaz, Balasch, Verbauwhede, "Dude, is my
/// code constant time?" (2017). The slowest tenth is left out, for interrupts only add to the times.
/// </summary>
internal static class TimingTest
{
    private const int Rounds = 60_000;
    private const int Inputs = 512;
    private const double Kept = 0.9;

    /// <summary>Above this the two are told apart; chance alone stays below 5 in practice.</summary>
    public const double Threshold = 10;

    /// <summary>Measures.</summary>
    /// <param name="seed">Seeds the random secrets and the order.</param>
    /// <param name="make">Makes a random secret; all have one size.</param>
    /// <param name="work">Uses the secret; its input is always in the same buffer.</param>
    /// <returns>Welch's t between the two classes.</returns>
    public static double Measure(int seed, Func<Random, byte[]> make, Action<byte[]> work)
    {
        Random random = new(seed);
        byte[][] secrets = [.. Enumerable.Range(0, Inputs).Select(_ => make(random))];
        byte[] buffer = GC.AllocateArray<byte>(secrets[0].Length, pinned: true);
        int[] classes = new int[Rounds];
        long[] times = new long[Rounds];
        for (int i = -2000; i < Rounds; i++)
        {
            int kind = random.Next(2);
            secrets[kind == 0 ? 0 : random.Next(1, Inputs)].CopyTo(buffer, 0);
            long start = Stopwatch.GetTimestamp();
            work(buffer);
            long time = Stopwatch.GetTimestamp() - start;
            if (i >= 0)
            {
                (classes[i], times[i]) = (kind, time);
            }
        }

        long limit = times.Order().ElementAt((int)(Rounds * Kept));
        WelchTest test = new();
        for (int i = 0; i < Rounds; i++)
        {
            if (times[i] <= limit)
            {
                test.Add(classes[i], times[i]);
            }
        }

        return test.T;
    }
}
