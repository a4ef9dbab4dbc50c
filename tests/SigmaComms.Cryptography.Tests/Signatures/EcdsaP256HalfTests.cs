using SigmaComms.Cryptography.Signatures;
using SigmaComms.Cryptography.Tests.Vectors;

namespace SigmaComms.Cryptography.Tests.Signatures;

/// <summary>The ECDSA half of the composite against Wycheproof: encodings, ranges and edge cases.</summary>
public sealed class EcdsaP256HalfTests
{
    [Fact]
    public void All_484_Wycheproof_signatures_are_answered()
    {
        List<VectorCase> cases = VectorCase.ReadWycheproof("ecdsa_secp256r1_sha256");

        foreach (VectorCase test in cases)
        {
            byte[] key = Convert.FromHexString(
                test.Group.GetProperty("publicKey").GetProperty("uncompressed").GetString()!);

            bool valid = EcdsaP256Half.Instance.Verify(key, test.Bytes("msg"), test.Bytes("sig"));

            Assert.True(test.Text("result") == "valid" == valid, $"case {test.Number("tcId")}: {valid}");
        }

        Assert.Equal(484, cases.Count);
    }
}
