using SigmaComms.Cryptography.Lattice;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Signatures;

/// <summary>Whole keys and signatures of every arithmetic that this process can run, against the clear one.</summary>
public sealed class MlDsaArithmeticAgreementTests(ITestOutputHelper output)
{
    [Fact]
    public void All_make_the_same_keys_and_signatures_and_verify_them()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);

        foreach (MlDsaSurface dsa in MlDsaSurface.All)
        {
            for (int run = 0; run < 12; run++)
            {
                byte[] seed = random.Bytes(32);
                byte[] mu = random.Bytes(64);
                byte[] randomness = random.Bytes(32);
                byte[][] expected = Make(MlDsaArithmetic.All[0], dsa, seed, mu, randomness);

                foreach (IMlDsaArithmetic arithmetic in MlDsaArithmetic.All)
                {
                    Assert.Equal(expected, Make(arithmetic, dsa, seed, mu, randomness));
                }
            }
        }
    }

    [Fact]
    public void All_refuse_the_same_signatures()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);

        foreach (MlDsaSurface dsa in MlDsaSurface.All)
        {
            byte[] mu = random.Bytes(64);
            byte[][] made = Make(MlDsaArithmetic.All[0], dsa, random.Bytes(32), mu, random.Bytes(32));
            MlDsaPublicKey[] keys =
                [.. MlDsaArithmetic.All.Select(arithmetic => new MlDsaPublicKey(dsa.Set, made[0], arithmetic))];
            for (int run = 0; run < 300; run++)
            {
                byte[] signature = [.. made[2]];
                int bit = random.Below(8 * signature.Length);
                signature[bit / 8] ^= (byte)(1 << (bit % 8));

                Assert.All(keys, key => Assert.False(key.Verify(mu, signature)));
            }

            Assert.All(keys, key => Assert.True(key.Verify(mu, made[2])));
        }
    }

    // The public key, the long private key, and a signature by each form of the key.
    private static byte[][] Make(
        IMlDsaArithmetic arithmetic, MlDsaSurface dsa, byte[] seed, byte[] mu, byte[] randomness)
    {
        byte[] publicKey = new byte[dsa.PublicKeySize];
        byte[] longKey = new byte[dsa.PrivateKeySize];
        byte[] signature = new byte[dsa.SignatureSize];
        byte[] again = new byte[dsa.SignatureSize];
        MlDsaPrivateKey.Expand(dsa.Set, seed, publicKey, longKey, arithmetic);
        using MlDsaPrivateKey fromSeed = MlDsaPrivateKey.FromSeed(dsa.Set, seed, publicKey, arithmetic);
        using MlDsaPrivateKey? imported = MlDsaPrivateKey.TryImport(dsa.Set, longKey, arithmetic);

        fromSeed.Sign(mu, randomness, signature);
        imported!.Sign(mu, randomness, again);

        Assert.True(new MlDsaPublicKey(dsa.Set, publicKey, arithmetic).Verify(mu, signature));
        return [publicKey, longKey, signature, again];
    }
}
