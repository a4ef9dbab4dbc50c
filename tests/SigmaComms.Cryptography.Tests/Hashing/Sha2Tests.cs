using SigmaComms.Cryptography.Hashing;

namespace SigmaComms.Cryptography.Tests.Hashing;

/// <summary>Known answers of FIPS 180-4.</summary>
public sealed class Sha2Tests
{
    // NIST's example values for FIPS 180-4: "abc" and the longer message.
    [Theory]
    [InlineData("abc", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7")]
    [InlineData(
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "75388b16512776cc5dba5da1fd890150b0c6455cb4f58b1952522525")]
    public void Sha224_gives_the_values_of_the_standard(string message, string expected)
    {
        byte[] hash = new byte[28];

        Sha224.HashData(System.Text.Encoding.ASCII.GetBytes(message), hash);

        Assert.Equal(expected, Convert.ToHexStringLower(hash));
    }

    [Theory]
    [InlineData("4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa")]
    [InlineData("53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23")]
    public void Cut_Sha512_gives_the_values_of_the_standard(string expected)
    {
        byte[] hash = new byte[expected.Length / 2];

        Sha512Cut.HashData("abc"u8, hash);

        Assert.Equal(expected, Convert.ToHexStringLower(hash));
    }

    [Fact]
    public void A_wrong_output_length_is_an_argument_error()
    {
        Assert.Throws<ArgumentException>(() => Sha224.HashData(default, new byte[32]));
        Assert.Throws<ArgumentException>(() => Sha512Cut.HashData(default, new byte[64]));
    }
}
