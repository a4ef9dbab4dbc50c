using System.Buffers.Binary;
using SigmaComms.Cryptography.Kem;
using Xunit.Abstractions;

namespace SigmaComms.ConstantTime.Tests.Timing;

/// <summary>What valgrind cannot see: the times of the code for AVX-512.</summary>
[Collection(TimingCollection.Name)]
public sealed class TimingTests(ITestOutputHelper output)
{
    private const int SecretVectorSize = 1152;

    [TimingFact]
    public void The_time_of_decapsulation_does_not_tell_secrets_apart()
    {
        byte[] key = new byte[MlKem768.DecapsulationKeySize];
        byte[] ciphertext = new byte[MlKem768.CiphertextSize];
        byte[] shared = new byte[MlKem768.SharedSecretSize];
        MlKem768.ExpandDecapsulationKey(new byte[MlKem768.SeedSize], key);

        // The public half stays the same: the time to expand its matrix differs from key to key, and may.
        double t = TimingTest.Measure(71, MakeSecretVector, secret =>
        {
            secret.CopyTo(key, 0);
            MlKem768.TryDecapsulateExpanded(key, ciphertext, shared);
        });

        output.WriteLine($"t = {t:F1}, seed 71");
        Assert.InRange(t, 0, TimingTest.Threshold);
    }

    [TimingFact]
    public void A_loop_that_ends_at_a_secret_place_is_caught()
    {
        long places = 0;

        double t = TimingTest.Measure(72, MakeBytes, secret => places += FirstHighByte(secret));

        output.WriteLine($"t = {t:F1}, seed 72, {places} places");
        Assert.True(t > TimingTest.Threshold, $"t = {t:F1}");
    }

    /// <summary>768 coefficients below 3329, 12 bits each.</summary>
    private static byte[] MakeSecretVector(Random random)
    {
        byte[] vector = new byte[SecretVectorSize];
        for (int i = 0; i < vector.Length; i += 3)
        {
            int two = random.Next(3329) | (random.Next(3329) << 12);
            BinaryPrimitives.WriteUInt16LittleEndian(vector.AsSpan(i), (ushort)(two & 0xFFFF));
            vector[i + 2] = (byte)(two >> 16);
        }

        return vector;
    }

    private static byte[] MakeBytes(Random random)
    {
        byte[] bytes = new byte[64];
        random.NextBytes(bytes);
        return bytes;
    }

    private static int FirstHighByte(byte[] secret)
    {
        int i = 0;
        while (i < secret.Length && secret[i] < 0xF0)
        {
            i++;
        }

        return i;
    }
}
