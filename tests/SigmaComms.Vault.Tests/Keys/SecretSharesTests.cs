using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Tests;
using SigmaComms.Vault.Keys;

namespace SigmaComms.Vault.Tests.Keys;

public sealed class SecretSharesTests
{
    [Fact]
    public void The_field_multiplies_as_FIPS_197_says_and_every_element_but_0_has_an_inverse()
    {
        byte[] products = [SecretField.Multiply(0x57, 0x83), SecretField.Multiply(0x57, 0x13)];

        Assert.Equal([0xC1, 0xFE], products);
        Assert.Equal(0, SecretField.Invert(0));
        Assert.All(
            Enumerable.Range(1, 255),
            value => Assert.Equal(1, SecretField.Multiply((byte)value, SecretField.Invert((byte)value))));
    }

    [Fact]
    public void The_field_is_that_of_polynomials_for_all_pairs()
    {
        int differences = 0;
        for (int left = 0; left < 256; left++)
        {
            for (int right = 0; right < 256; right++)
            {
                differences += SecretField.Multiply((byte)left, (byte)right) == Slow(left, right) ? 0 : 1;
            }
        }

        Assert.Equal(0, differences);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 3)]
    [InlineData(3, 5)]
    [InlineData(5, 5)]
    public void Any_k_shares_give_the_code_and_fewer_do_not(int needed, int count)
    {
        SeededRandom random = new((ulong)((needed * 10) + count));
        using SecretBytes code = RecoveryCode.Generate(random);
        IReadOnlyList<RecoveryShare> shares = RecoveryShare.Split(code.Span, needed, count, random);
        byte[] joined = new byte[32];

        for (int subset = 1; subset < 1 << count; subset++)
        {
            RecoveryShare[] chosen = [.. shares.Where((_, at) => (subset >> at & 1) == 1)];

            bool enough = RecoveryShare.TryJoin(chosen, joined);

            Assert.Equal(chosen.Length >= needed, enough);
            Assert.Equal(enough, code.FixedTimeEquals(joined));
        }
    }

    [Fact]
    public void One_share_too_few_fits_every_secret()
    {
        // With k = 2 and one share known, each value of the other share gives another secret: nothing is excluded.
        SeededRandom random = new(9);
        SecretBytes[] shares = [new SecretBytes(1), new SecretBytes(1)];
        SecretShares.Split([0x42], 2, shares, random);
        HashSet<byte> possible = [];
        byte[] secret = new byte[1];

        for (int value = 0; value < 256; value++)
        {
            using SecretBytes guess = new([(byte)value]);
            SecretShares.Join([1, 2], [shares[0], guess], secret);
            possible.Add(secret[0]);
        }

        Assert.Equal(256, possible.Count);
    }

    [Fact]
    public void Shares_that_repeat_or_are_of_another_set_are_refused()
    {
        SeededRandom random = new(10);
        using SecretBytes code = RecoveryCode.Generate(random);
        IReadOnlyList<RecoveryShare> first = RecoveryShare.Split(code.Span, 2, 3, random);
        IReadOnlyList<RecoveryShare> second = RecoveryShare.Split(code.Span, 2, 3, random);
        byte[] joined = new byte[32];

        Assert.False(RecoveryShare.TryJoin([], joined));
        Assert.False(RecoveryShare.TryJoin([first[0], first[0]], joined));
        Assert.False(RecoveryShare.TryJoin([first[0], second[1]], joined));
        Assert.Equal(new byte[32], joined);
    }

    private static byte Slow(int left, int right)
    {
        int product = 0;
        for (int bit = 0; bit < 8; bit++)
        {
            product ^= (right >> bit & 1) == 1 ? left << bit : 0;
        }

        for (int bit = 15; bit >= 8; bit--)
        {
            product ^= (product >> bit & 1) == 1 ? 0x11B << (bit - 8) : 0;
        }

        return (byte)product;
    }
}
