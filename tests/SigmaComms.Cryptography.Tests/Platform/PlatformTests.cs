using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kem;
using SigmaComms.Cryptography.Signatures;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Platform;

/// <summary>
/// Our code and the framework's check each other. The choice is the process's, so this class runs alone.
/// </summary>
[Collection(nameof(PlatformCollection))]
public sealed class PlatformTests(ITestOutputHelper output) : IDisposable
{
    private const int Rounds = 20;

    public void Dispose() => CryptographyPolicy.Use(CryptographyProvider.Auto);

    [Fact]
    public void Where_the_framework_has_none_it_cannot_be_chosen()
    {
        if (CryptographyPolicy.IsPlatformSupported)
        {
            CryptographyPolicy.Use(CryptographyProvider.Platform);

            Assert.Equal(CryptographyProvider.Platform, CryptographyPolicy.Provider);
            return;
        }

        Assert.Throws<PlatformNotSupportedException>(() => CryptographyPolicy.Use(CryptographyProvider.Platform));
        Assert.Equal(CryptographyProvider.Auto, CryptographyPolicy.Provider);
    }

    [PlatformFact]
    public void Both_make_the_same_keys_of_a_seed()
    {
        foreach (KemAlgorithm kem in LatticeKems)
        {
            (byte[] ours, byte[] theirs) = Both(provider =>
            {
                byte[] key = new byte[kem.EncapsulationKeySize];
                kem.DeriveEncapsulationKey(SeedOf(kem.PrivateKeySize), key);
                return key;
            });

            Assert.Equal(ours, theirs);
        }

        foreach (SignatureAlgorithm algorithm in LatticeSignatures)
        {
            (byte[] ours, byte[] theirs) = Both(provider =>
            {
                byte[] key = new byte[algorithm.PublicKeySize];
                algorithm.DerivePublicKey(SeedOf(algorithm.PrivateKeySize), key);
                return key;
            });

            Assert.Equal(ours, theirs);
        }
    }

    [PlatformFact]
    public void What_one_encapsulates_the_other_recovers_also_when_the_ciphertext_is_broken()
    {
        foreach (KemAlgorithm kem in LatticeKems)
        {
            byte[] seed = SeedOf(kem.PrivateKeySize);
            byte[] key = new byte[kem.EncapsulationKeySize];
            kem.DeriveEncapsulationKey(seed, key);
            for (int i = 0; i < Rounds; i++)
            {
                foreach (CryptographyProvider provider in Providers)
                {
                    byte[] ciphertext = new byte[kem.CiphertextSize];
                    byte[] secret = new byte[kem.SharedSecretSize];
                    CryptographyPolicy.Use(provider);
                    Assert.True(kem.TryEncapsulate(key, SystemRandom.Instance, ciphertext, secret));

                    (byte[] ours, byte[] theirs) = Both(_ => Decapsulate(kem, seed, ciphertext));
                    ciphertext[i] ^= 1;
                    (byte[] ourRejection, byte[] theirRejection) = Both(_ => Decapsulate(kem, seed, ciphertext));

                    Assert.Equal(secret, ours);
                    Assert.Equal(secret, theirs);
                    Assert.Equal(ourRejection, theirRejection);
                    Assert.NotEqual(secret, ourRejection);
                }
            }
        }
    }

    [PlatformFact]
    public void What_one_signs_the_other_verifies_and_both_refuse_a_flipped_bit()
    {
        foreach (SignatureAlgorithm algorithm in LatticeSignatures)
        {
            byte[] seed = SeedOf(algorithm.PrivateKeySize);
            byte[] key = new byte[algorithm.PublicKeySize];
            algorithm.DerivePublicKey(seed, key);
            for (int i = 0; i < Rounds; i++)
            {
                byte[] message = SeedOf(i * 10);
                foreach (CryptographyProvider provider in Providers)
                {
                    byte[] signature = new byte[algorithm.SignatureSizeMax];
                    CryptographyPolicy.Use(provider);
                    algorithm.Sign(seed, message, "context"u8, SeedOf(algorithm.RandomnessSize), signature);

                    AssertBoth(true, _ => algorithm.Verify(key, message, "context"u8, signature));
                    AssertBoth(false, _ => algorithm.Verify(key, message, "other"u8, signature));
                    signature[i * 50] ^= 4;
                    AssertBoth(false, _ => algorithm.Verify(key, message, "context"u8, signature));
                }
            }
        }
    }

    [PlatformFact]
    public void Expanded_keys_follow_the_choice()
    {
        CryptographyPolicy.Use(CryptographyProvider.Platform);
        using MlDsa65SigningKey signer = new(SeedOf(MlDsa65.SeedSize));
        MlDsa65VerificationKey verifier = new(signer.PublicKey.Span);
        using MlKem768DecapsulationKey receiver = MlKem768DecapsulationKey.FromSeed(SeedOf(MlKem768.SeedSize));
        byte[] key = new byte[MlKem768.EncapsulationKeySize];
        byte[] ciphertext = new byte[MlKem768.CiphertextSize];
        byte[] sent = new byte[MlKem768.SharedSecretSize];
        byte[] received = new byte[MlKem768.SharedSecretSize];

        byte[] one = signer.Sign("m"u8, "c"u8, new SeededRandom(1));
        byte[] two = signer.Sign("m"u8, "c"u8, new SeededRandom(1));
        receiver.ExportEncapsulationKey(key);
        Assert.True(MlKem768.TryEncapsulate(key, ciphertext, sent));
        receiver.Decapsulate(ciphertext, received);

        // The framework hedges with randomness of its own.
        Assert.NotEqual(one, two);
        Assert.True(verifier.Verify("m"u8, "c"u8, one));
        Assert.False(verifier.Verify("n"u8, "c"u8, one));
        Assert.Equal(sent, received);
    }

    [PlatformFact]
    public void A_malformed_key_is_refused_by_both()
    {
        foreach (KemAlgorithm kem in LatticeKems)
        {
            byte[] key = new byte[kem.EncapsulationKeySize];
            kem.DeriveEncapsulationKey(SeedOf(kem.PrivateKeySize), key);
            key[0] = key[1] = 0xFF;

            AssertBoth(false, _ => kem.IsValidEncapsulationKey(key));
        }
    }

    private static CryptographyProvider[] Providers => [CryptographyProvider.Managed, CryptographyProvider.Platform];

    private static IEnumerable<KemAlgorithm> LatticeKems => AlgorithmRegistry.Kems.Where(
        static kem => kem.Name.StartsWith("ML-KEM-", StringComparison.Ordinal));

    private static IEnumerable<SignatureAlgorithm> LatticeSignatures => AlgorithmRegistry.Signatures.Where(
        static algorithm => algorithm.Name.StartsWith("ML-DSA-", StringComparison.Ordinal));

    private static byte[] Decapsulate(KemAlgorithm kem, byte[] seed, byte[] ciphertext)
    {
        byte[] secret = new byte[kem.SharedSecretSize];
        Assert.True(kem.TryDecapsulate(seed, ciphertext, secret));
        return secret;
    }

    private static void AssertBoth(bool expected, Func<CryptographyProvider, bool> work)
    {
        (bool ours, bool theirs) = Both(work);
        Assert.Equal((expected, expected), (ours, theirs));
    }

    private static (T Ours, T Theirs) Both<T>(Func<CryptographyProvider, T> work)
    {
        CryptographyPolicy.Use(CryptographyProvider.Managed);
        T ours = work(CryptographyProvider.Managed);
        CryptographyPolicy.Use(CryptographyProvider.Platform);
        return (ours, work(CryptographyProvider.Platform));
    }

    private byte[] SeedOf(int size)
    {
        output.WriteLine("seed 5");
        byte[] bytes = new byte[size];
        new SeededRandom(5).Fill(bytes);
        return bytes;
    }
}
