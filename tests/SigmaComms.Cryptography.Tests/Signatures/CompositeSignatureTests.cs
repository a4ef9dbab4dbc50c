using System.Text.Json;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Cryptography.Tests.Vectors;

namespace SigmaComms.Cryptography.Tests.Signatures;

/// <summary>Known answers of the composite draft, and what makes a composite more than its halves.</summary>
public sealed class CompositeSignatureTests
{
    private static readonly JsonElement Vectors = VectorFolder.Read("hybrid/composite-sigs/testvectors.json.gz");

    [Theory]
    [InlineData("MLDSA65-Ed25519-SHA512")]
    [InlineData("MLDSA65-ECDSA-P256-SHA512")]
    public void The_keys_and_signatures_of_the_draft_hold(string name)
    {
        SignatureAlgorithm algorithm = AlgorithmRegistry.FindSignature(name)!;
        JsonElement test = Vectors.GetProperty("tests").EnumerateArray()
            .Single(test => test.GetProperty("tcId").GetString() == "id-" + name);
        byte[] message = Vectors.GetProperty("m").GetBytesFromBase64();
        byte[] context = Vectors.GetProperty("ctx").GetBytesFromBase64();
        byte[] publicKey = test.GetProperty("pk").GetBytesFromBase64();
        byte[] derived = new byte[algorithm.PublicKeySize];

        algorithm.DerivePublicKey(test.GetProperty("sk").GetBytesFromBase64(), derived);

        Assert.Equal(publicKey, derived);
        Assert.True(algorithm.Verify(publicKey, message, [], test.GetProperty("s").GetBytesFromBase64()));
        Assert.True(algorithm.Verify(
            publicKey, message, context, test.GetProperty("sWithContext").GetBytesFromBase64()));
        Assert.False(algorithm.Verify(publicKey, message, context, test.GetProperty("s").GetBytesFromBase64()));
    }

    [Fact]
    public void Neither_half_alone_is_enough()
    {
        byte[] privateKey = Enumerable.Repeat((byte)9, MlDsa65Ed25519.PrivateKeySize).ToArray();
        byte[] publicKey = new byte[MlDsa65Ed25519.PublicKeySize];
        byte[] first = new byte[MlDsa65Ed25519.SignatureSize];
        byte[] second = new byte[MlDsa65Ed25519.SignatureSize];
        MlDsa65Ed25519.DerivePublicKey(privateKey, publicKey);
        MlDsa65Ed25519.Sign(privateKey, [1], [], new byte[32], first);
        MlDsa65Ed25519.Sign(privateKey, [2], [], new byte[32], second);

        byte[] mixed = [.. first.AsSpan(0, MlDsa65.SignatureSize), .. second.AsSpan(MlDsa65.SignatureSize)];

        Assert.False(MlDsa65Ed25519.Verify(publicKey, [1], [], mixed));
        Assert.False(MlDsa65Ed25519.Verify(publicKey, [2], [], mixed));
        Assert.False(MlDsa65.Verify(publicKey.AsSpan(0, 1952), [1], [], first.AsSpan(0, MlDsa65.SignatureSize)));
    }

    [Fact]
    public void A_private_key_of_another_form_is_not_taken()
    {
        byte[] privateKey = new byte[MlDsa65EcdsaP256.PrivateKeySize];
        MlDsa65EcdsaP256.GeneratePrivateKey(new SeededRandom(1), privateKey);
        byte[] otherCurve = [.. privateKey];
        otherCurve[^1] ^= 1;
        byte[] zeroScalar = [.. privateKey];
        zeroScalar.AsSpan(32 + 7, 32).Clear();

        Assert.True(MlDsa65EcdsaP256.IsValidPrivateKey(privateKey));
        Assert.False(MlDsa65EcdsaP256.IsValidPrivateKey(otherCurve));
        Assert.False(MlDsa65EcdsaP256.IsValidPrivateKey(zeroScalar));
        Assert.Throws<ArgumentException>(() => MlDsa65EcdsaP256.DerivePublicKey(otherCurve, new byte[2017]));
    }

    [Theory]
    [InlineData("3006020101020102", true)]
    [InlineData("300702010102020080", true)]
    [InlineData("30060201010201", false)]
    [InlineData("300602010102010200", false)]
    [InlineData("30070201010202000f", false)]
    [InlineData("3006020101020180", false)]
    [InlineData("3006020101020100", false)]
    [InlineData("308106020101020102", false)]
    [InlineData("3006020101030102", false)]
    [InlineData("30050201010200", false)]
    [InlineData("3003020101", false)]
    [InlineData("", false)]
    public void ECDSA_signatures_are_read_in_the_one_form_of_DER(string der, bool readable)
    {
        byte[] numbers = new byte[64];

        Assert.Equal(readable, EcdsaEncoding.TryRead(Convert.FromHexString(der), numbers));
    }

    [Fact]
    public void An_integer_longer_than_the_curves_is_refused()
    {
        byte[] fits = [0x30, 0x26, 0x02, 0x21, 0x00, 0xFF, .. new byte[31], 0x02, 0x01, 0x01];
        byte[] tooLong = [0x30, 0x26, 0x02, 0x21, 0x01, 0xFF, .. new byte[31], 0x02, 0x01, 0x01];

        Assert.True(EcdsaEncoding.TryRead(fits, new byte[64]));
        Assert.False(EcdsaEncoding.TryRead(tooLong, new byte[64]));
    }
}
