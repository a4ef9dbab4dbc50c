using SigmaComms.Cryptography.Lattice;
using SigmaComms.Cryptography.Signatures;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Signatures;

public sealed class MlDsaPropertyTests(ITestOutputHelper output)
{
    [Fact]
    public void What_was_signed_verifies_for_lengths_contexts_and_randomness_of_all_kinds()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);

        foreach (MlDsaSurface dsa in MlDsaSurface.All)
        {
            for (int run = 0; run < 60; run++)
            {
                byte[] seed = random.Bytes(MlDsaSurface.SeedSize);
                byte[] message = random.Bytes(random.Below(2000));
                byte[] context = random.Bytes(run % 256);
                byte[] signature = new byte[dsa.SignatureSize];

                dsa.Sign(seed, message, context, random.Bytes(32), signature);

                Assert.True(dsa.Verify(dsa.PublicKeyOf(seed), message, context, signature));
                Assert.False(dsa.Verify(dsa.PublicKeyOf(seed), message, [.. context, 1], signature));
            }
        }
    }

    [Fact]
    public void All_zero_randomness_is_deterministic_and_fresh_randomness_is_not()
    {
        foreach (MlDsaSurface dsa in MlDsaSurface.All)
        {
            byte[] seed = new byte[32];
            byte[] first = dsa.SignatureOf(seed, [1, 2, 3], default);
            byte[] second = dsa.SignatureOf(seed, [1, 2, 3], default);
            byte[] hedged = new byte[dsa.SignatureSize];
            byte[] withLongKey = new byte[dsa.SignatureSize];

            dsa.Sign(seed, [1, 2, 3], default, new SeededRandom(9).Bytes(32), hedged);
            Assert.True(dsa.TrySignWithPrivateKey(
                dsa.LongKeyOf(seed), [1, 2, 3], default, new byte[32], withLongKey));

            Assert.Equal(first, second);
            Assert.Equal(first, withLongKey);
            Assert.NotEqual(first, hedged);
            Assert.True(dsa.Verify(dsa.PublicKeyOf(seed), [1, 2, 3], default, hedged));
        }
    }

    [Fact]
    public void A_flipped_bit_in_key_message_context_or_signature_fails()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);

        foreach (MlDsaSurface dsa in MlDsaSurface.All)
        {
            byte[] seed = random.Bytes(32);
            byte[] key = dsa.PublicKeyOf(seed);
            byte[] message = random.Bytes(40);
            byte[] context = random.Bytes(7);
            byte[] signature = dsa.SignatureOf(seed, message, context);
            byte[][] inputs = [key, message, context, signature];

            foreach (byte[] input in inputs)
            {
                for (int at = 0; at < input.Length; at += 1 + random.Below(1 + (input.Length / 100)))
                {
                    byte bit = (byte)(1 << random.Below(8));
                    input[at] ^= bit;
                    bool valid = dsa.Verify(key, message, context, signature);
                    input[at] ^= bit;

                    Assert.False(valid);
                }
            }

            Assert.True(dsa.Verify(key, message, context, signature));
        }
    }

    [Fact]
    public void Pure_pre_hashed_and_external_forms_verify_in_their_own_form_only()
    {
        foreach (MlDsaSurface dsa in MlDsaSurface.All)
        {
            byte[] seed = new SeededRandom(10).Bytes(32);
            byte[] key = dsa.PublicKeyOf(seed);
            byte[] message = [1, 2, 3, 4];
            byte[] context = [5];
            byte[] mu = new byte[64];
            byte[] external = new byte[dsa.SignatureSize];
            byte[] hashed = new byte[dsa.SignatureSize];
            MlDsaMessage.Represent(new MlDsaPublicKey(dsa.Set, key).Hash, message, context, mu);

            dsa.SignRepresentative(seed, mu, new byte[32], external);
            dsa.SignPreHashed(seed, PreHashAlgorithm.Sha512, message, context, new byte[32], hashed);

            Assert.Equal(dsa.SignatureOf(seed, message, context), external);
            Assert.True(dsa.VerifyRepresentative(key, mu, external));
            Assert.True(dsa.VerifyPreHashed(key, PreHashAlgorithm.Sha512, message, context, hashed));
            Assert.False(dsa.VerifyPreHashed(key, PreHashAlgorithm.Sha384, message, context, hashed));
            Assert.False(dsa.VerifyPreHashed(key, PreHashAlgorithm.Sha512, message, default, hashed));
            Assert.False(dsa.Verify(key, message, context, hashed));
            Assert.ThrowsAny<ArgumentException>(() =>
                dsa.VerifyPreHashed(key, PreHashAlgorithm.None, message, context, hashed));
        }
    }

    [Fact]
    public void Wrong_lengths_do_not_verify_and_cannot_sign()
    {
        foreach (MlDsaSurface dsa in MlDsaSurface.All)
        {
            byte[] seed = new byte[32];
            byte[] key = dsa.PublicKeyOf(seed);
            byte[] signature = dsa.SignatureOf(seed, default, default);
            byte[] longKey = dsa.LongKeyOf(seed);
            byte[] none = new byte[32];
            byte[] longContext = new byte[256];
            for (int wrong = 0; wrong <= dsa.PrivateKeySize + 1; wrong++)
            {
                byte[] bytes = new byte[wrong];
                Assert.Equal(0, wrong == key.Length ? 0 : Count(dsa.Verify(bytes, default, default, signature)));
                Assert.Equal(0, Count(dsa.Verify(key, default, default, bytes)));
                Assert.Equal(0, Count(dsa.VerifyRepresentative(key, bytes, signature)));
                Refused(wrong, 32, () => dsa.DerivePublicKey(bytes, key));
                Refused(wrong, 32, () => dsa.Sign(bytes, default, default, none, signature));
                Refused(wrong, 32, () => dsa.Sign(seed, default, default, bytes, signature));
                Refused(wrong, key.Length, () => dsa.DerivePublicKey(seed, bytes));
                Refused(wrong, longKey.Length, () => dsa.ExpandPrivateKey(seed, bytes));
                Refused(
                    wrong,
                    longKey.Length,
                    () => dsa.TrySignWithPrivateKey(bytes, default, default, none, signature));
            }

            foreach (int wrong in new[] { 0, 1, signature.Length - 1, signature.Length + 1 })
            {
                Assert.Throws<ArgumentException>(
                    () => dsa.Sign(seed, default, default, none, new byte[wrong]));
            }

            Assert.False(dsa.Verify(key, default, longContext, signature));
            Assert.False(dsa.VerifyPreHashed(key, PreHashAlgorithm.Sha256, default, longContext, signature));
            Assert.ThrowsAny<ArgumentException>(() => dsa.Sign(seed, default, longContext, none, signature));
        }
    }

    private static int Count(bool value) => value ? 1 : 0;

    private static void Refused(int given, int right, Action action)
    {
        // Exceptions are slow: every length near the right one, and one in sixteen of the others.
        if (given != right && (given % 16 == 0 || Math.Abs(given - right) <= 2))
        {
            Assert.ThrowsAny<ArgumentException>(action);
        }
    }
}
