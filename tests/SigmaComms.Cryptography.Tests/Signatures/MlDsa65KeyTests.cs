using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Cryptography.Tests.Vectors;

namespace SigmaComms.Cryptography.Tests.Signatures;

/// <summary>Known answers of NIST's vectors for the keys that are kept expanded, and their lifetime.</summary>
public sealed class MlDsa65KeyTests
{
    [Fact]
    public void A_signing_key_has_the_public_key_of_the_standards_vectors()
    {
        VectorCase[] cases = VectorCase.ReadAcvp("ML-DSA-keyGen-FIPS204")
            .Where(test => test.ParameterSet == "ML-DSA-65")
            .ToArray();

        foreach (VectorCase test in cases)
        {
            using MlDsa65SigningKey key = new(test.Bytes("seed"));

            Assert.Equal(test.ExpectedBytes("pk"), key.PublicKey.ToArray());
            Assert.Equal(NodeId.Of(key.PublicKey.Span), key.Id);
            Assert.Equal(test.Bytes("seed"), key.ExportSeed());
        }

        Assert.Equal(25, cases.Length);
    }

    [Fact]
    public void A_verification_key_gives_the_answers_of_the_standards_vectors()
    {
        VectorCase[] cases = VectorCase.ReadAcvp("ML-DSA-sigVer-FIPS204")
            .Where(test => test.ParameterSet == "ML-DSA-65" && test.GroupText("preHash") == "pure")
            .ToArray();

        foreach (VectorCase test in cases)
        {
            MlDsa65VerificationKey key = new(test.Bytes("pk"));

            bool valid = key.Verify(test.Bytes("message"), test.Bytes("context"), test.Bytes("signature"));

            Assert.Equal(test.ExpectedFlag("testPassed"), valid);
            Assert.Equal(NodeId.Of(test.Bytes("pk")), key.Id);
        }

        Assert.Equal(15, cases.Length);
    }

    [Fact]
    public void Signing_is_hedged_and_equals_the_one_shot_signature_with_the_same_randomness()
    {
        byte[] seed = new SeededRandom(13).Bytes(MlDsa65.SeedSize);
        using MlDsa65SigningKey key = new(seed);
        byte[] oneShot = new byte[MlDsa65.SignatureSize];

        byte[] signature = key.Sign([1, 2], [3], new SeededRandom(14));
        MlDsa65.Sign(seed, [1, 2], [3], new SeededRandom(14).Bytes(32), oneShot);

        Assert.Equal(oneShot, signature);
        Assert.NotEqual(signature, key.Sign([1, 2], [3], SystemRandom.Instance));
    }

    [Fact]
    public async Task Eight_threads_sign_with_one_key()
    {
        using MlDsa65SigningKey key = MlDsa65SigningKey.Generate(new SeededRandom(15));
        MlDsa65VerificationKey verifier = new(key.PublicKey.Span);

        bool[] valid = await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            byte[] message = [(byte)thread];
            return Enumerable.Range(0, 20)
                .All(_ => verifier.Verify(message, default, key.Sign(message, default, SystemRandom.Instance)));
        })));

        Assert.All(valid, Assert.True);
    }

    [Fact]
    public void Disposing_while_a_signature_is_under_way_lets_it_finish_and_refuses_the_next()
    {
        MlDsa65SigningKey key = MlDsa65SigningKey.Generate(new SeededRandom(16));
        MlDsa65VerificationKey verifier = new(key.PublicKey.Span);

        // The randomness is asked for in the middle of signing: dispose there.
        byte[] signature = key.Sign([1], default, new DisposingRandom(key));

        Assert.True(verifier.Verify([1], default, signature));
        Assert.Throws<ObjectDisposedException>(() => key.Sign([1], default, SystemRandom.Instance));
        Assert.Throws<ObjectDisposedException>(() => key.ExportSeed());
        key.Dispose();
    }

    [Fact]
    public void A_key_prints_its_short_id_only()
    {
        using MlDsa65SigningKey key = new(new byte[32]);

        Assert.Equal($"MlDsa65SigningKey({key.Id.Short})", key.ToString());
    }

    [Fact]
    public void Wrong_lengths_are_argument_errors()
    {
        using MlDsa65SigningKey key = new(new byte[32]);

        Assert.Throws<ArgumentException>(() => new MlDsa65SigningKey(new byte[31]));
        Assert.Throws<ArgumentException>(() => new MlDsa65VerificationKey(new byte[1951]));
        Assert.ThrowsAny<ArgumentException>(() => key.Sign(default, new byte[256], SystemRandom.Instance));
        Assert.False(new MlDsa65VerificationKey(key.PublicKey.Span).Verify(default, default, new byte[3308]));
    }

    private sealed class DisposingRandom(MlDsa65SigningKey key) : IRandomSource
    {
        public void Fill(Span<byte> destination)
        {
            key.Dispose();
            destination.Fill(7);
        }
    }
}
