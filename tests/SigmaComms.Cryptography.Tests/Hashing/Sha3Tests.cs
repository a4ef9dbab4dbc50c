using SigmaComms.Cryptography.Hashing;
using Framework = System.Security.Cryptography;

namespace SigmaComms.Cryptography.Tests.Hashing;

/// <summary>Known answers of FIPS 202, and the framework's hash for every length.</summary>
public sealed class Sha3Tests
{
    // NIST's example values for FIPS 202: the empty message, and 200 bytes of 0xA3.
    [Theory]
    [InlineData(0, "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a")]
    [InlineData(200, "79f38adec5c20307a98ef76e8324afbfd46cfd81b22e3973c65fa1bd9de31787")]
    public void Sha3_256_gives_the_values_of_the_standard(int length, string expected)
    {
        byte[] hash = new byte[Sha3.Hash256Size];

        Sha3.Hash256(Message(length), hash);

        Assert.Equal(expected, Convert.ToHexStringLower(hash));
    }

    [Fact]
    public void Sha3_512_gives_the_value_of_the_standard()
    {
        byte[] hash = new byte[Sha3.Hash512Size];

        Sha3.Hash512([], hash);

        Assert.Equal(
            "a69f73cca23a9ac5c8b567dc185a756e97c982164fe25859e0d1dcc1475c80a6"
            + "15b2123af1f5f94c11e3e9402c3ac558f500199d95b6d3e301758586281dcd26",
            Convert.ToHexStringLower(hash));
    }

    [Fact]
    public void Every_length_up_to_four_blocks_equals_the_frameworks_hash()
    {
        byte[] data = new SeededRandom(1).Bytes(600);
        byte[] hash256 = new byte[32];
        byte[] hash512 = new byte[64];

        for (int length = 0; length <= data.Length; length++)
        {
            Sha3.Hash256(data.AsSpan(0, length), hash256);
            Sha3.Hash512(data.AsSpan(0, length), hash512);

            Assert.Equal(Framework.SHA3_256.HashData(data.AsSpan(0, length)), hash256);
            Assert.Equal(Framework.SHA3_512.HashData(data.AsSpan(0, length)), hash512);
        }
    }

    [Fact]
    public void A_wrong_output_length_is_an_argument_error()
    {
        Assert.Throws<ArgumentException>(() => Sha3.Hash256([], new byte[31]));
        Assert.Throws<ArgumentException>(() => Sha3.Hash512([], new byte[65]));
    }

    private static byte[] Message(int length)
    {
        byte[] message = new byte[length];
        Array.Fill(message, (byte)0xA3);
        return message;
    }
}
