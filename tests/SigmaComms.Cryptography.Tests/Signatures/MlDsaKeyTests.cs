using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Cryptography.Tests.Vectors;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Signatures;

/// <summary>Keys that are kept expanded, of all three sets: NIST's known answers, and the one-shot calls'.</summary>
public sealed class MlDsaKeyTests(ITestOutputHelper output)
{
    [Fact]
    public void Keys_from_seeds_and_from_long_forms_are_those_of_all_75_vectors()
    {
        int done = 0;

        foreach (VectorCase test in VectorCase.ReadAcvp("ML-DSA-keyGen-FIPS204"))
        {
            MlDsaKeySurface surface = Named(test.ParameterSet);
            using MlDsaKeySurface.Signer key = surface.New(test.Bytes("seed"));
            using MlDsaKeySurface.Signer? imported = surface.Import(test.ExpectedBytes("sk"));

            Assert.Equal(test.ExpectedBytes("pk"), key.PublicKey);
            Assert.Equal(test.ExpectedBytes("pk"), imported!.PublicKey);
            Assert.Equal(test.Bytes("seed"), key.ExportSeed());
            Assert.False(imported.HasSeed);
            Assert.Throws<InvalidOperationException>(imported.ExportSeed);
            done++;
        }

        Assert.Equal(75, done);
    }

    [Fact]
    public void Verification_keys_give_the_answers_of_all_pure_and_pre_hash_vectors()
    {
        int done = 0;

        foreach (VectorCase test in VectorCase.ReadAcvp("ML-DSA-sigVer-FIPS204"))
        {
            string form = test.GroupText("preHash");
            if (form is not ("pure" or "preHash"))
            {
                continue;
            }

            byte[] message = test.Bytes("message");
            byte[] context = test.Bytes("context");
            byte[] signature = test.Bytes("signature");
            bool valid = test.ParameterSet switch
            {
                "ML-DSA-44" => form == "pure"
                    ? new MlDsa44VerificationKey(test.Bytes("pk")).Verify(message, context, signature)
                    : new MlDsa44VerificationKey(test.Bytes("pk")).VerifyPreHashed(
                        PreHashNames.Parse(test.Text("hashAlg")), message, context, signature),
                "ML-DSA-65" => form == "pure"
                    ? new MlDsa65VerificationKey(test.Bytes("pk")).Verify(message, context, signature)
                    : new MlDsa65VerificationKey(test.Bytes("pk")).VerifyPreHashed(
                        PreHashNames.Parse(test.Text("hashAlg")), message, context, signature),
                _ => form == "pure"
                    ? new MlDsa87VerificationKey(test.Bytes("pk")).Verify(message, context, signature)
                    : new MlDsa87VerificationKey(test.Bytes("pk")).VerifyPreHashed(
                        PreHashNames.Parse(test.Text("hashAlg")), message, context, signature),
            };

            Assert.Equal(test.ExpectedFlag("testPassed"), valid);
            done++;
        }

        Assert.Equal(90, done);
    }

    [Fact]
    public void Every_form_signs_as_the_one_shot_calls_do_and_verifies()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);

        foreach (MlDsaKeySurface surface in MlDsaKeySurface.All)
        {
            MlDsaSurface once = surface.Static;
            byte[] seed = random.Bytes(32);
            byte[] message = random.Bytes(random.Below(300));
            byte[] context = random.Bytes(random.Below(256));
            byte[] mu = new byte[64];
            byte[] expected = new byte[once.SignatureSize];
            byte[] signature = new byte[once.SignatureSize];
            ulong number = (ulong)random.Below(1000);
            using MlDsaKeySurface.Signer key = surface.New(seed);
            once.ComputeRepresentative(key.PublicKey, message, context, mu);

            key.Sign(message, context, new SeededRandom(number), signature);
            once.Sign(seed, message, context, new SeededRandom(number).Bytes(32), expected);
            Assert.Equal(expected, signature);
            Assert.True(key.Verify(message, context, signature));
            Assert.True(key.VerifyRepresentative(mu, signature));

            key.SignRepresentative(mu, new SeededRandom(number), signature);
            Assert.Equal(expected, signature);

            key.SignDeterministically(message, context, signature);
            once.SignDeterministically(seed, message, context, expected);
            Assert.Equal(expected, signature);
            Assert.Equal(once.SignatureOf(seed, message, context), signature);

            foreach (PreHashAlgorithm algorithm in Enum.GetValues<PreHashAlgorithm>().Skip(1))
            {
                key.SignPreHashed(algorithm, message, context, new SeededRandom(number), signature);
                once.SignPreHashed(
                    seed, algorithm, message, context, new SeededRandom(number).Bytes(32), expected);
                Assert.Equal(expected, signature);
                Assert.True(key.VerifyPreHashed(algorithm, message, context, signature));
                Assert.False(key.Verify(message, context, signature));
            }
        }
    }

    [Fact]
    public void One_shot_signing_without_given_randomness_is_hedged()
    {
        foreach (MlDsaSurface dsa in MlDsaSurface.All)
        {
            byte[] seed = new byte[32];
            byte[] first = new byte[dsa.SignatureSize];
            byte[] second = new byte[dsa.SignatureSize];

            dsa.SignHedged(seed, [1], [2], first);
            dsa.SignHedged(seed, [1], [2], second);

            Assert.NotEqual(first, second);
            Assert.True(dsa.Verify(dsa.PublicKeyOf(seed), [1], [2], first));
            Assert.True(dsa.Verify(dsa.PublicKeyOf(seed), [1], [2], second));
        }
    }

    [Fact]
    public void A_long_key_with_any_part_changed_is_refused()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);

        foreach (MlDsaKeySurface surface in MlDsaKeySurface.All)
        {
            byte[] longKey = surface.Static.LongKeyOf(random.Bytes(32));
            for (int run = 0; run < 60; run++)
            {
                // K, the bytes from 32 to 63, is a secret of its own: nothing else in the key depends on it.
                int at = random.Below(longKey.Length);
                byte bit = (byte)(1 << random.Below(8));
                longKey[at] ^= bit;
                using MlDsaKeySurface.Signer? key = surface.Import(longKey);
                longKey[at] ^= bit;

                Assert.Equal(at is >= 32 and < 64, key is not null);
            }

            Assert.Null(surface.Import(longKey[1..]));
            Assert.Null(surface.Import([.. longKey, 0]));
            Assert.Null(surface.Import([]));
            using MlDsaKeySurface.Signer? whole = surface.Import(longKey);
            Assert.NotNull(whole);
        }
    }

    [Fact]
    public void A_disposed_key_refuses_every_use()
    {
        foreach (MlDsaKeySurface surface in MlDsaKeySurface.All)
        {
            MlDsaKeySurface.Signer key = surface.New(new byte[32]);
            byte[] signature = new byte[surface.Static.SignatureSize];
            key.Dispose();
            key.Dispose();

            Assert.Throws<ObjectDisposedException>(() => key.ExportSeed());
            Assert.Throws<ObjectDisposedException>(() => key.SignDeterministically(default, default, signature));
            Assert.Throws<ObjectDisposedException>(
                () => key.Sign(default, default, SystemRandom.Instance, signature));
            Assert.Throws<ObjectDisposedException>(
                () => key.SignRepresentative(new byte[64], SystemRandom.Instance, signature));
            Assert.Throws<ObjectDisposedException>(() => key.SignPreHashed(
                PreHashAlgorithm.Sha256, default, default, SystemRandom.Instance, signature));
        }
    }

    [Fact]
    public void Wrong_lengths_are_argument_errors_when_signing_and_false_when_verifying()
    {
        foreach (MlDsaKeySurface surface in MlDsaKeySurface.All)
        {
            using MlDsaKeySurface.Signer key = surface.New(new byte[32]);
            byte[] signature = new byte[surface.Static.SignatureSize];
            IRandomSource random = SystemRandom.Instance;

            Assert.ThrowsAny<ArgumentException>(() => surface.New(new byte[33]));
            Assert.ThrowsAny<ArgumentException>(() => key.Sign(default, new byte[256], random, signature));
            Assert.ThrowsAny<ArgumentException>(() => key.Sign(default, default, random, signature.AsSpan(1)));
            Assert.ThrowsAny<ArgumentException>(() => key.SignRepresentative(new byte[63], random, signature));
            Assert.ThrowsAny<ArgumentException>(
                () => key.SignPreHashed(PreHashAlgorithm.None, default, default, random, signature));
            Assert.False(key.Verify(default, default, signature.AsSpan(1)));
            Assert.False(key.Verify(default, new byte[256], signature));
            Assert.False(key.VerifyRepresentative(new byte[63], signature));
            Assert.False(key.VerifyPreHashed(PreHashAlgorithm.Sha256, default, new byte[256], signature));
        }
    }

    private static MlDsaKeySurface Named(string name) =>
        MlDsaKeySurface.All.Single(surface => surface.Static.Name == name);
}
