using SigmaComms.Cryptography.Signatures;
using SigmaComms.Cryptography.Tests.Vectors;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Signatures;

/// <summary>Known answers of RFC 8032 and Wycheproof.</summary>
public sealed class Ed25519Tests(ITestOutputHelper output)
{
    [Fact]
    public void All_151_Wycheproof_cases_are_answered()
    {
        List<VectorCase> cases = VectorCase.ReadWycheproof("ed25519");

        foreach (VectorCase test in cases)
        {
            byte[] key = Convert.FromHexString(
                test.Group.GetProperty("publicKey").GetProperty("pk").GetString()!);

            bool valid = Ed25519.Verify(key, test.Bytes("msg"), test.Bytes("sig"));

            Assert.Equal(test.Text("result") == "valid", valid);
        }

        Assert.Equal(151, cases.Count);
    }

    // RFC 8032, section 7.1, test 1.
    [Fact]
    public void The_first_example_of_RFC_8032_holds()
    {
        byte[] seed = Convert.FromHexString("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        byte[] key = new byte[Ed25519.PublicKeySize];
        byte[] signature = new byte[Ed25519.SignatureSize];

        Ed25519.DerivePublicKey(seed, key);
        Ed25519.Sign(seed, default, signature);

        Assert.Equal(
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", Convert.ToHexStringLower(key));
        Assert.Equal(
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd"
            + "25bf5f0595bbe24655141438e7a100b",
            Convert.ToHexStringLower(signature));
    }

    [Fact]
    public void What_was_signed_verifies_and_any_flipped_bit_does_not()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        byte[] seed = random.Bytes(Ed25519.SeedSize);
        byte[] message = random.Bytes(50);
        byte[] key = new byte[Ed25519.PublicKeySize];
        byte[] signature = new byte[Ed25519.SignatureSize];
        Ed25519.DerivePublicKey(seed, key);
        Ed25519.Sign(seed, message, signature);
        byte[][] inputs = [key, message, signature];

        Assert.True(Ed25519.Verify(key, message, signature));
        foreach (byte[] input in inputs)
        {
            for (int bit = 0; bit < 8 * input.Length; bit++)
            {
                input[bit / 8] ^= (byte)(1 << (bit % 8));
                bool valid = Ed25519.Verify(key, message, signature);
                input[bit / 8] ^= (byte)(1 << (bit % 8));

                Assert.False(valid);
            }
        }
    }

    [Fact]
    public void Wrong_lengths_do_not_verify_and_cannot_sign()
    {
        Assert.False(Ed25519.Verify(new byte[31], default, new byte[64]));
        Assert.False(Ed25519.Verify(new byte[32], default, new byte[65]));
        Assert.Throws<ArgumentException>(() => Ed25519.Sign(new byte[31], default, new byte[64]));
        Assert.Throws<ArgumentException>(() => Ed25519.Sign(new byte[32], default, new byte[63]));
        Assert.Throws<ArgumentException>(() => Ed25519.DerivePublicKey(new byte[32], new byte[33]));
    }
}
