using SigmaComms.Cryptography.Kdf;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Kdf;

/// <summary>Known answer of RFC 9106, by way of a plain implementation.</summary>
public sealed class Argon2idTests(ITestOutputHelper output)
{
    // RFC 9106, section 5.3. libsodium cannot compute it (four lanes, secret, associated data), so a plain
    // implementation of these tests is held against it, and libsodium against that.
    [Fact]
    public void The_plain_implementation_gives_the_tag_of_RFC_9106()
    {
        PlainArgon2id plain = new(lanes: 4, memoryKiB: 32, passes: 3);

        byte[] tag = plain.Hash(32, Filled(32, 1), Filled(16, 2), Filled(8, 3), Filled(12, 4));

        Assert.Equal(
            "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659", Convert.ToHexStringLower(tag));
    }

    [Theory]
    [InlineData(1, 1, 16)]
    [InlineData(1, 3, 32)]
    [InlineData(2, 2, 64)]
    [InlineData(3, 1, 65)]
    [InlineData(1, 4, 200)]
    public void Keys_equal_those_of_the_plain_implementation(int memoryMiB, int passes, int keySize)
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        byte[] password = random.Bytes(random.Below(100));
        byte[] salt = random.Bytes(Argon2id.SaltSize);
        byte[] key = new byte[keySize];
        PlainArgon2id plain = new(lanes: 1, memoryMiB * 1024, passes);

        Argon2id.DeriveKey(password, salt, new Argon2Cost(memoryMiB, passes), key);

        Assert.Equal(plain.Hash(keySize, password, salt, [], []), key);
    }

    [Fact]
    public void An_empty_password_is_taken()
    {
        byte[] key = new byte[32];

        Argon2id.DeriveKey(default, new byte[16], new Argon2Cost(1, 1), key);

        Assert.Equal(new PlainArgon2id(1, 1024, 1).Hash(32, [], new byte[16], [], []), key);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 1)]
    [InlineData(4096, 1)]
    [InlineData(int.MaxValue, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 1001)]
    [InlineData(1, int.MinValue)]
    public void A_cost_out_of_range_is_an_argument_error_before_any_work(int memoryMiB, int passes)
    {
        Argon2Cost cost = new(memoryMiB, passes);

        Assert.False(cost.IsValid);
        Assert.ThrowsAny<ArgumentException>(() => Argon2id.DeriveKey(default, new byte[16], cost, new byte[32]));
    }

    [Fact]
    public void Wrong_lengths_are_argument_errors()
    {
        Argon2Cost cost = new(1, 1);

        Assert.True(Argon2Cost.Interactive.IsValid);
        Assert.Throws<ArgumentException>(() => Argon2id.DeriveKey(default, new byte[15], cost, new byte[32]));
        Assert.ThrowsAny<ArgumentException>(() => Argon2id.DeriveKey(default, new byte[16], cost, new byte[15]));
    }

    private static byte[] Filled(int count, byte value)
    {
        byte[] bytes = new byte[count];
        Array.Fill(bytes, value);
        return bytes;
    }
}
