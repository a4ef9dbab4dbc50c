using SigmaComms.Cryptography.Signatures;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Signatures;

/// <summary>What holds for every key and message of SLH-DSA.</summary>
public sealed class SlhDsaPropertyTests(ITestOutputHelper output)
{
    [Theory]
    [MemberData(nameof(SlhDsaSurface.Names), MemberType = typeof(SlhDsaSurface))]
    public void Sizes_are_those_of_the_standard_and_of_the_parameters(string name)
    {
        SlhDsaSurface dsa = SlhDsaSurface.Named(name);
        int signatureSize = name[^4..] switch
        {
            "128s" => 7856,
            "128f" => 17088,
            "192s" => 16224,
            "192f" => 35664,
            "256s" => 29792,
            _ => 49856,
        };

        Assert.Equal(signatureSize, dsa.SignatureSize);
        Assert.Equal(dsa.Set.SignatureSize, dsa.SignatureSize);
        Assert.Equal(dsa.Set.SeedSize, dsa.SeedSize);
        Assert.Equal(dsa.Set.PublicKeySize, dsa.PublicKeySize);
        Assert.Equal(dsa.Set.PrivateKeySize, dsa.PrivateKeySize);
        Assert.Equal(dsa.Set.HashSize, dsa.RandomnessSize);
        Assert.Equal(255, dsa.ContextSizeMax);
    }

    [Theory]
    [InlineData("SLH-DSA-SHA2-128f")]
    [InlineData("SLH-DSA-SHAKE-128f")]
    [InlineData("SLH-DSA-SHA2-192f")]
    public void Signatures_differ_unless_asked_otherwise_and_all_are_valid(string name)
    {
        SlhDsaSurface dsa = SlhDsaSurface.Named(name);
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        byte[] message = random.Bytes(random.Below(3000));
        byte[] context = random.Bytes(random.Below(256));
        byte[] privateKey = new byte[dsa.PrivateKeySize];
        byte[] publicKey = new byte[dsa.PublicKeySize];
        byte[][] signatures = Enumerable.Range(0, 4).Select(_ => new byte[dsa.SignatureSize]).ToArray();

        dsa.GenerateKeys(privateKey, publicKey);
        dsa.Sign(privateKey, message, context, signatures[0]);
        dsa.Sign(privateKey, message, context, signatures[1]);
        dsa.SignDeterministic(privateKey, message, context, signatures[2]);
        dsa.SignDeterministic(privateKey, message, context, signatures[3]);

        Assert.All(signatures, signature => Assert.True(dsa.Verify(publicKey, message, context, signature)));
        Assert.NotEqual(signatures[0], signatures[1]);
        Assert.NotEqual(signatures[0], signatures[2]);
        Assert.Equal(signatures[2], signatures[3]);
    }

    [Theory]
    [InlineData("SLH-DSA-SHA2-128f")]
    [InlineData("SLH-DSA-SHAKE-128f")]
    public void Signatures_of_hashes_differ_and_each_is_valid_for_its_hash_only(string name)
    {
        SlhDsaSurface dsa = SlhDsaSurface.Named(name);
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        byte[] message = random.Bytes(100);
        byte[] signature = new byte[dsa.SignatureSize];
        byte[] again = new byte[dsa.SignatureSize];
        (byte[] privateKey, byte[] publicKey) = dsa.KeysOf(random.Bytes(dsa.SeedSize));

        dsa.SignPreHashed(privateKey, PreHashAlgorithm.Sha3Of256, message, default, signature);
        dsa.SignPreHashed(privateKey, PreHashAlgorithm.Sha3Of256, message, default, again);

        Assert.NotEqual(signature, again);
        Assert.True(dsa.VerifyPreHashed(publicKey, PreHashAlgorithm.Sha3Of256, message, default, signature));
        Assert.False(dsa.VerifyPreHashed(publicKey, PreHashAlgorithm.Sha256, message, default, signature));
        Assert.False(dsa.Verify(publicKey, message, default, signature));
    }

    [Fact]
    public void Keys_made_twice_differ()
    {
        SlhDsaSurface dsa = SlhDsaSurface.Named("SLH-DSA-SHA2-128f");
        byte[] publicKey = new byte[dsa.PublicKeySize];
        byte[] other = new byte[dsa.PublicKeySize];

        dsa.GenerateKeys(new byte[dsa.PrivateKeySize], publicKey);
        dsa.GenerateKeys(new byte[dsa.PrivateKeySize], other);

        Assert.NotEqual(publicKey, other);
    }
}
