using SigmaComms.Cryptography.Signatures;
using Xunit.Abstractions;

namespace SigmaComms.ConstantTime.Tests.Timing;

/// <summary>The times of signing with AVX-512: secrets read, transformed, multiplied, checked, packed.</summary>
/// <remarks>
/// How many candidates are rejected, and how many hints there are, is given away; see <see cref="FirstTimeKeys"/> for
/// how all secrets here have the first candidate taken, and no hint.
/// </remarks>
[Collection(TimingCollection.Name)]
public sealed class SigningTimingTests(ITestOutputHelper output)
{
    private readonly byte[] _signature = new byte[MlDsa65.SignatureSize];

    [TimingFact]
    public void The_time_of_signing_does_not_tell_secrets_apart()
    {
        FirstTimeKeys keys = new();

        double t = TimingTest.Measure(73, keys.Make, key => keys.Sign(key, _signature));

        output.WriteLine($"t = {t:F1}, seed 73");
        Assert.InRange(t, 0, TimingTest.Threshold);
    }

    [TimingFact]
    public void Signing_that_passes_over_zeros_of_the_secret_is_caught()
    {
        FirstTimeKeys keys = new();
        long sum = 0;

        double t = TimingTest.Measure(74, keys.Make, key =>
        {
            keys.Sign(key, _signature);
            sum += CountWithoutZeros(FirstTimeKeys.SecretsOf(key));
        });

        output.WriteLine($"t = {t:F1}, seed 74, {sum} in all");
        Assert.True(t > TimingTest.Threshold, $"t = {t:F1}");
    }

    private static long CountWithoutZeros(ReadOnlySpan<byte> secrets)
    {
        long sum = 0;
        foreach (byte two in secrets)
        {
            if ((two & 0xF) != FirstTimeKeys.PackedZero)
            {
                sum += two & 0xF;
            }

            if (two >> 4 != FirstTimeKeys.PackedZero)
            {
                sum += two >> 4;
            }
        }

        return sum;
    }
}
