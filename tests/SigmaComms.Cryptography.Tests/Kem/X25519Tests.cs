using SigmaComms.Cryptography.Kem;
using SigmaComms.Cryptography.Tests.Vectors;

namespace SigmaComms.Cryptography.Tests.Kem;

/// <summary>Known answers of RFC 7748 and Wycheproof.</summary>
public sealed class X25519Tests
{
    [Fact]
    public void All_518_Wycheproof_cases_are_answered_and_zero_results_refused()
    {
        List<VectorCase> cases = VectorCase.ReadWycheproof("x25519");
        int refused = 0;

        foreach (VectorCase test in cases)
        {
            byte[] secret = new byte[X25519.KeySize];
            byte[] expected = test.Bytes("shared");
            bool zero = expected.AsSpan().IndexOfAnyExcept((byte)0) < 0;

            bool agreed = X25519.TryAgree(test.Bytes("private"), test.Bytes("public"), secret);

            Assert.Equal(!zero, agreed);
            Assert.Equal(expected, secret);
            refused += zero ? 1 : 0;
        }

        Assert.Equal(518, cases.Count);
        Assert.True(refused > 0);
    }

    // RFC 7748, section 6.1: Bob's side of the example.
    [Fact]
    public void The_example_of_RFC_7748_holds()
    {
        byte[] privateKey = Convert.FromHexString("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
        byte[] peerKey = Convert.FromHexString("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
        byte[] publicKey = new byte[X25519.KeySize];
        byte[] secret = new byte[X25519.KeySize];

        X25519.DerivePublicKey(privateKey, publicKey);
        bool agreed = X25519.TryAgree(privateKey, peerKey, secret);

        Assert.True(agreed);
        Assert.Equal(
            "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f", Convert.ToHexStringLower(publicKey));
        Assert.Equal(
            "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742", Convert.ToHexStringLower(secret));
    }

    [Fact]
    public void Wrong_lengths_are_argument_errors()
    {
        byte[] right = new byte[32];
        byte[] wrong = new byte[31];

        Assert.Throws<ArgumentException>(() => X25519.DerivePublicKey(wrong, right));
        Assert.Throws<ArgumentException>(() => X25519.DerivePublicKey(right, wrong));
        Assert.Throws<ArgumentException>(() => X25519.TryAgree(wrong, right, right));
        Assert.Throws<ArgumentException>(() => X25519.TryAgree(right, wrong, right));
        Assert.Throws<ArgumentException>(() => X25519.TryAgree(right, right, wrong));
    }
}
