using SigmaComms.Cryptography.Hashing;
using SigmaComms.Cryptography.Kem;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Kem;

public sealed class MlKemPropertyTests(ITestOutputHelper output)
{
    // The accumulated test of C2SP/CCTV for ML-KEM-768: everything comes from one SHAKE128 stream.
    [Fact]
    public void A_hundred_accumulated_runs_of_ML_KEM_768_hash_to_the_known_value() =>
        Assert.Equal("1114b1b6699ed191734fa339376afa7e285c9e6acf6ff0177d346696ce564415", Accumulate(100));

    [LongFact]
    public void Ten_thousand_accumulated_runs_of_ML_KEM_768_hash_to_the_known_value() =>
        Assert.Equal("8a518cc63da366322a8e7a818c7a0d63483cb3528d34a4cf42f35d5ad73f22fc", Accumulate(10_000));

    [Fact]
    public void Both_sides_agree_and_the_long_key_gives_the_same()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);

        foreach (MlKemSurface kem in MlKemSurface.All)
        {
            for (int run = 0; run < 50; run++)
            {
                byte[] seed = random.Bytes(MlKemSurface.SeedSize);
                byte[] ciphertext = new byte[kem.CiphertextSize];
                byte[] sent = new byte[MlKemSurface.SecretSize];
                byte[] received = new byte[MlKemSurface.SecretSize];
                byte[] receivedLong = new byte[MlKemSurface.SecretSize];

                Assert.True(kem.TryEncapsulateFreshly(kem.PublicKeyOf(seed), ciphertext, sent));
                kem.Decapsulate(seed, ciphertext, received);
                Assert.True(kem.TryDecapsulateExpanded(kem.LongKeyOf(seed), ciphertext, receivedLong));

                Assert.Equal(sent, received);
                Assert.Equal(sent, receivedLong);
            }
        }
    }

    [Fact]
    public void A_flipped_bit_anywhere_in_the_ciphertext_gives_the_rejection_secret()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);

        foreach (MlKemSurface kem in MlKemSurface.All)
        {
            byte[] seed = random.Bytes(MlKemSurface.SeedSize);
            byte[] ciphertext = new byte[kem.CiphertextSize];
            byte[] sent = new byte[MlKemSurface.SecretSize];
            byte[] received = new byte[MlKemSurface.SecretSize];
            byte[] rejection = new byte[MlKemSurface.SecretSize];
            Assert.True(kem.TryEncapsulateFreshly(kem.PublicKeyOf(seed), ciphertext, sent));

            for (int i = 0; i < ciphertext.Length; i += 1 + random.Below(8))
            {
                byte bit = (byte)(1 << random.Below(8));
                ciphertext[i] ^= bit;
                kem.Decapsulate(seed, ciphertext, received);
                Shake256.HashData([.. seed.AsSpan(32), .. ciphertext], rejection);
                ciphertext[i] ^= bit;

                Assert.Equal(rejection, received);
            }
        }
    }

    [Fact]
    public void A_coefficient_of_the_modulus_or_more_is_refused_and_the_outputs_are_zeroed()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);

        foreach (MlKemSurface kem in MlKemSurface.All)
        {
            byte[] valid = kem.PublicKeyOf(random.Bytes(MlKemSurface.SeedSize));
            for (int at = 0; at < kem.EncapsulationKeySize - 32; at += 3)
            {
                byte[] key = [.. valid];
                int tooLarge = 3329 + random.Below(4096 - 3329);
                key[at] = (byte)(tooLarge & 0xFF);
                key[at + 1] = (byte)((key[at + 1] & 0xF0) | (tooLarge >> 8));
                byte[] ciphertext = random.Bytes(kem.CiphertextSize);
                byte[] secret = random.Bytes(MlKemSurface.SecretSize);

                Assert.False(kem.IsValidEncapsulationKey(key));
                Assert.False(kem.TryEncapsulateFreshly(key, ciphertext, secret));

                Assert.Equal(-1, ciphertext.AsSpan().IndexOfAnyExcept((byte)0));
                Assert.Equal(-1, secret.AsSpan().IndexOfAnyExcept((byte)0));
            }
        }
    }

    [Fact]
    public void A_long_key_with_any_flipped_bit_in_its_public_part_is_refused_and_the_output_zeroed()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);

        foreach (MlKemSurface kem in MlKemSurface.All)
        {
            byte[] key = kem.LongKeyOf(random.Bytes(MlKemSurface.SeedSize));
            byte[] ciphertext = random.Bytes(kem.CiphertextSize);
            int publicPart = kem.EncapsulationKeySize - 32;
            for (int at = publicPart; at < key.Length - 32; at += 1 + random.Below(16))
            {
                byte[] secret = random.Bytes(MlKemSurface.SecretSize);
                byte bit = (byte)(1 << random.Below(8));
                key[at] ^= bit;
                bool valid = kem.IsValidDecapsulationKey(key);
                bool decapsulated = kem.TryDecapsulateExpanded(key, ciphertext, secret);
                key[at] ^= bit;

                Assert.False(valid);
                Assert.False(decapsulated);
                Assert.Equal(-1, secret.AsSpan().IndexOfAnyExcept((byte)0));
            }
        }
    }

    [Fact]
    public void Every_wrong_length_is_an_argument_error_or_an_invalid_key()
    {
        foreach (MlKemSurface kem in MlKemSurface.All)
        {
            byte[] seed = new byte[64];
            byte[] key = kem.PublicKeyOf(seed);
            byte[] longKey = kem.LongKeyOf(seed);
            byte[] ciphertext = new byte[kem.CiphertextSize];
            byte[] secret = new byte[32];
            for (int wrong = 0; wrong <= kem.DecapsulationKeySize + 1; wrong++)
            {
                byte[] bytes = new byte[wrong];
                Refused(wrong, 64, () => kem.Decapsulate(bytes, ciphertext, secret));
                Refused(wrong, 64, () => kem.DeriveEncapsulationKey(bytes, key));
                Refused(wrong, 64, () => kem.ExpandDecapsulationKey(bytes, longKey));
                Refused(wrong, key.Length, () => kem.DeriveEncapsulationKey(seed, bytes));
                Refused(wrong, longKey.Length, () => kem.ExpandDecapsulationKey(seed, bytes));
                Refused(wrong, key.Length, () => kem.TryEncapsulateFreshly(bytes, ciphertext, secret));
                Refused(wrong, 32, () => kem.TryEncapsulate(key, bytes, ciphertext, secret));
                Refused(wrong, ciphertext.Length, () => kem.TryEncapsulateFreshly(key, bytes, secret));
                Refused(wrong, ciphertext.Length, () => kem.Decapsulate(seed, bytes, secret));
                Refused(wrong, ciphertext.Length, () => kem.TryDecapsulateExpanded(longKey, bytes, secret));
                Refused(wrong, 32, () => kem.Decapsulate(seed, ciphertext, bytes));
                Refused(wrong, longKey.Length, () => kem.TryDecapsulateExpanded(bytes, ciphertext, secret));
                Assert.Equal(wrong == key.Length, kem.IsValidEncapsulationKey(bytes));
                Assert.False(kem.IsValidDecapsulationKey(bytes));
            }
        }
    }

    private static void Refused(int given, int right, Action action)
    {
        // Exceptions are slow: every length near the right one, and one in sixteen of the others.
        if (given != right && (given % 16 == 0 || Math.Abs(given - right) <= 2))
        {
            Assert.Throws<ArgumentException>(action);
        }
    }

    private static string Accumulate(int runs)
    {
        using Shake128 source = new();
        using Shake128 sum = new();
        byte[] seed = new byte[MlKem768.SeedSize];
        byte[] randomness = new byte[MlKem768.RandomnessSize];
        byte[] ciphertext = new byte[MlKem768.CiphertextSize];
        byte[] falseCiphertext = new byte[MlKem768.CiphertextSize];
        byte[] sent = new byte[MlKem768.SharedSecretSize];
        byte[] received = new byte[MlKem768.SharedSecretSize];
        byte[] rejected = new byte[MlKem768.SharedSecretSize];
        byte[] key = new byte[MlKem768.EncapsulationKeySize];

        for (int run = 0; run < runs; run++)
        {
            source.Squeeze(seed);
            MlKem768.DeriveEncapsulationKey(seed, key);
            source.Squeeze(randomness);
            Assert.True(MlKem768.TryEncapsulate(key, randomness, ciphertext, sent));
            MlKem768.Decapsulate(seed, ciphertext, received);
            Assert.Equal(sent, received);
            source.Squeeze(falseCiphertext);
            MlKem768.Decapsulate(seed, falseCiphertext, rejected);
            sum.Absorb(key);
            sum.Absorb(ciphertext);
            sum.Absorb(sent);
            sum.Absorb(rejected);
        }

        byte[] hash = new byte[32];
        sum.Squeeze(hash);
        return Convert.ToHexStringLower(hash);
    }
}
