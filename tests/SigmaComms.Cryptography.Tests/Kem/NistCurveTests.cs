using SigmaComms.Cryptography.Kem;
using SigmaComms.Cryptography.Tests.Vectors;

namespace SigmaComms.Cryptography.Tests.Kem;

/// <summary>Known answers of Wycheproof and the limits of scalars.</summary>
public sealed class NistCurveTests
{
    private const string OrderOf256 = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";

    [Fact]
    public void All_355_Wycheproof_points_of_P256_are_answered_or_refused()
    {
        Assert.Equal(355, Answer("ecdh_secp256r1_ecpoint", NistCurve.P256, _ => true));
    }

    // Most of the file is one kind of edge case, and P-384 is slow: a fifth of that kind will do.
    [Fact]
    public void A_sample_of_258_Wycheproof_points_of_P384_is_answered_or_refused()
    {
        Assert.Equal(
            258,
            Answer(
                "ecdh_secp384r1_ecpoint",
                NistCurve.P384,
                test => test.Id % 5 == 0
                    || test.Prompt.GetProperty("flags")[0].GetString() != "EdgeCaseDoubling"));
    }

    [LongFact]
    public void All_790_Wycheproof_points_of_P384_are_answered_or_refused()
    {
        Assert.Equal(790, Answer("ecdh_secp384r1_ecpoint", NistCurve.P384, _ => true));
    }

    // RFC 5903, section 8.3: the 521-bit example.
    [Fact]
    public void The_example_of_RFC_5903_for_P521_holds()
    {
        byte[] i = Convert.FromHexString(
            "0037ADE9319A89F4DABDB3EF411AACCCA5123C61ACAB57B5393DCE47608172A095AA85A30FE1C2952C6771D937BA9777"
            + "F5957B2639BAB072462F68C27A57382D4A52");
        byte[] r = Convert.FromHexString(
            "0145BA99A847AF43793FDD0E872E7CDFA16BE30FDC780F97BCCC3F078380201E9C677D600B343757A3BDBF2A3163E4C2"
            + "F869CCA7458AA4A4EFFC311F5CB151685EB9");
        byte[] peer = new byte[EcdhP521.PublicKeySize];
        byte[] secret = new byte[EcdhP521.SharedSecretSize];

        EcdhP521.DerivePublicKey(r, peer);
        bool agreed = EcdhP521.TryAgree(i, peer, secret);

        Assert.True(agreed);
        Assert.True(EcdhP521.IsValidPublicKey(peer));
        Assert.Equal(
            "01144C7D79AE6956BC8EDB8E7C787C4521CB086FA64407F97894E5E6B2D79B04D1427E73CA4BAA240A34786859810C06"
            + "B3C715A3A8CC3151F2BEE417996D19F3DDEA",
            Convert.ToHexString(secret));
    }

    [Fact]
    public void Scalars_are_the_numbers_from_1_to_the_order_less_1()
    {
        byte[] order = Convert.FromHexString(OrderOf256);
        byte[] below = Convert.FromHexString(OrderOf256);
        below[^1]--;
        byte[] one = new byte[32];
        one[^1] = 1;

        Assert.False(EcdhP256.IsValidPrivateKey(new byte[32]));
        Assert.True(EcdhP256.IsValidPrivateKey(one));
        Assert.True(EcdhP256.IsValidPrivateKey(below));
        Assert.False(EcdhP256.IsValidPrivateKey(order));
        Assert.False(EcdhP256.IsValidPrivateKey(Enumerable.Repeat((byte)0xFF, 32).ToArray()));
        Assert.Throws<ArgumentException>(() => EcdhP256.DerivePublicKey(order, new byte[65]));
        Assert.Throws<ArgumentException>(() => EcdhP256.TryAgree(new byte[32], new byte[65], new byte[32]));
    }

    [Fact]
    public void Bytes_that_are_no_uncompressed_point_are_refused_and_the_output_zeroed()
    {
        byte[] privateKey = Enumerable.Repeat((byte)7, 48).ToArray();
        byte[] point = new byte[EcdhP384.PublicKeySize];
        EcdhP384.DerivePublicKey(privateKey, point);
        byte[] off = [.. point];
        off[^1] ^= 1;
        byte[] infinity = [0];
        byte[] hybridForm = [(byte)(6 + (point[^1] & 1)), .. point.AsSpan(1)];
        byte[] beyondField = [4, .. Enumerable.Repeat((byte)0xFF, 96)];

        foreach (byte[] bad in (byte[][])[off, infinity, hybridForm, beyondField, [], point[..^1], [.. point, 0]])
        {
            byte[] secret = Enumerable.Repeat((byte)1, 48).ToArray();

            Assert.False(EcdhP384.IsValidPublicKey(bad));
            Assert.False(EcdhP384.TryAgree(privateKey, bad, secret));
            Assert.Equal(new byte[48], secret);
        }
    }

    private static int Answer(string file, NistCurve curve, Func<VectorCase, bool> wanted)
    {
        List<VectorCase> cases = VectorCase.ReadWycheproof(file).Where(wanted).ToList();
        foreach (VectorCase test in cases)
        {
            byte[] privateKey = new byte[curve.ScalarSize];
            byte[] number = test.Bytes("private");
            number = number.Length > curve.ScalarSize ? number[^curve.ScalarSize..] : number;
            number.CopyTo(privateKey, curve.ScalarSize - number.Length);
            byte[] secret = new byte[curve.ScalarSize];

            bool agreed = curve.TryAgree(privateKey, test.Bytes("public"), secret);

            // A compressed point is acceptable to Wycheproof; here it is not the form that was asked for.
            bool expected = test.Text("result") == "valid";
            Assert.True(expected == agreed, $"case {test.Id}");
            Assert.Equal(expected ? test.Bytes("shared") : new byte[curve.ScalarSize], secret);
        }

        return cases.Count;
    }
}
