using SigmaComms.Cryptography.Kdf;
using SigmaComms.Cryptography.Tests.Vectors;

namespace SigmaComms.Cryptography.Tests.Kdf;

/// <summary>Known answers of RFC 5869 and Wycheproof.</summary>
public sealed class HkdfTests
{
    private delegate void DeriveKey(
        ReadOnlySpan<byte> inputKey, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info, Span<byte> output);

    [Theory]
    [InlineData("sha256", 86)]
    [InlineData("sha384", 83)]
    [InlineData("sha512", 83)]
    public void All_Wycheproof_cases_are_answered(string hash, int count)
    {
        DeriveKey derive = hash switch
        {
            "sha256" => HkdfSha256.DeriveKey,
            "sha384" => HkdfSha384.DeriveKey,
            _ => HkdfSha512.DeriveKey,
        };
        List<VectorCase> cases = VectorCase.ReadWycheproof($"hkdf_{hash}");

        foreach (VectorCase test in cases)
        {
            byte[] output = new byte[test.Number("size")];
            byte[] inputKey = test.Bytes("ikm");
            byte[] salt = test.Bytes("salt");
            byte[] info = test.Bytes("info");
            if (test.Text("result") == "invalid")
            {
                Assert.ThrowsAny<ArgumentException>(() => derive(inputKey, salt, info, output));
                continue;
            }

            derive(inputKey, salt, info, output);

            Assert.Equal(test.Bytes("okm"), output);
        }

        Assert.Equal(count, cases.Count);
    }

    // RFC 5869, appendix A.1.
    [Fact]
    public void The_first_case_of_RFC_5869_holds_step_by_step()
    {
        byte[] inputKey = new byte[22];
        Array.Fill(inputKey, (byte)0x0B);
        byte[] extracted = new byte[HkdfSha256.HashSize];
        byte[] output = new byte[42];

        HkdfSha256.Extract(Convert.FromHexString("000102030405060708090a0b0c"), inputKey, extracted);
        HkdfSha256.Expand(extracted, Convert.FromHexString("f0f1f2f3f4f5f6f7f8f9"), output);

        Assert.Equal(
            "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5", Convert.ToHexStringLower(extracted));
        Assert.Equal(
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
            Convert.ToHexStringLower(output));
    }

    [Fact]
    public void Wrong_lengths_are_argument_errors_and_an_empty_output_is_allowed()
    {
        Assert.Throws<ArgumentException>(() => HkdfSha256.Extract(default, default, new byte[31]));
        Assert.Throws<ArgumentException>(() => HkdfSha384.Expand(new byte[32], default, new byte[8]));
        Assert.ThrowsAny<ArgumentException>(() => HkdfSha512.Expand(new byte[64], default, new byte[16321]));

        HkdfSha256.Expand(new byte[32], default, default);
    }
}
