using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Tests;
using SigmaComms.Vault.Keys;

namespace SigmaComms.Vault.Tests.Keys;

public sealed class RecoveryCodeTests
{
    [Fact]
    public void A_code_comes_back_from_paper_however_it_is_typed()
    {
        SeededRandom random = new(1);
        for (int i = 0; i < 50; i++)
        {
            using SecretBytes code = RecoveryCode.Generate(random);
            string text = TextOf(code);
            byte[] read = new byte[32];

            Assert.True(RecoveryCode.TryParse(text, read));
            Assert.True(code.FixedTimeEquals(read));
            Assert.True(RecoveryCode.TryParse(
                text.ToLowerInvariant().Replace("-", "  ").Replace('0', 'o').Replace('1', 'l'), read));
            Assert.True(code.FixedTimeEquals(read));
        }
    }

    [Fact]
    public void Every_slip_of_one_digit_and_every_swap_of_neighbours_is_told()
    {
        using SecretBytes code = RecoveryCode.Generate(new SeededRandom(2));
        string text = TextOf(code);
        byte[] read = new byte[32];
        int accepted = 0;

        for (int at = 0; at < text.Length; at++)
        {
            foreach (char digit in "0123456789ABCDEFGHJKMNPQRSTVWXYZ".Where(digit => digit != text[at]))
            {
                accepted += RecoveryCode.TryParse(text[..at] + digit + text[(at + 1)..], read) ? 1 : 0;
                Assert.Equal(new byte[32], read);
            }

            if (at > 0 && text[at] != text[at - 1] && text[at] != '-' && text[at - 1] != '-')
            {
                accepted += RecoveryCode.TryParse(
                    text[..(at - 1)] + text[at] + text[at - 1] + text[(at + 1)..], read) ? 1 : 0;
            }
        }

        Assert.Equal(0, accepted);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("0")]
    [InlineData("UUUUUUUU-UUUUUUUU-UUUUUUUU-UUUUUUUU-UUUUUUUU-UUUUUUUU-UUUUUUUU")]
    [InlineData("00000000-00000000-00000000-00000000-00000000-00000000-00000000")]
    [InlineData("00000000-00000000-00000000-00000000-00000000-00000000-00000000-0")]
    public void What_is_no_code_is_refused(string text) => Assert.False(RecoveryCode.TryParse(text, new byte[32]));

    [Fact]
    public void The_alphabet_is_Crockfords()
    {
        byte[] all = new byte[20];
        System.Numerics.BigInteger bits = 0;
        for (int value = 0; value < 32; value++)
        {
            bits = (bits << 5) | value;
        }

        bits.ToByteArray(isUnsigned: true, isBigEndian: true).CopyTo(all.AsSpan(1));
        char[] text = new char[RecoveryText.LengthOf(20)];

        RecoveryText.Format(all, text);

        Assert.Equal("01234567-89ABCDEF-GHJKMNPQ-RSTVWXYZ", new string(text));
    }

    [Fact]
    public void A_share_comes_back_from_paper_and_a_slip_is_told()
    {
        SeededRandom random = new(3);
        using SecretBytes code = RecoveryCode.Generate(random);
        IReadOnlyList<RecoveryShare> shares = RecoveryShare.Split(code.Span, 2, 3, random);
        List<RecoveryShare> read = [];

        foreach (RecoveryShare share in shares)
        {
            char[] text = new char[RecoveryShare.TextLength];
            share.Format(text);
            Assert.True(RecoveryShare.TryParse(text, out RecoveryShare? parsed));
            read.Add(parsed);
            text[5] = text[5] == '7' ? '8' : '7';
            Assert.False(RecoveryShare.TryParse(text, out _));
        }

        byte[] joined = new byte[32];
        Assert.True(RecoveryShare.TryJoin([read[2], read[0]], joined));
        Assert.True(code.FixedTimeEquals(joined));
    }

    private static string TextOf(SecretBytes code)
    {
        char[] text = new char[RecoveryCode.TextLength];
        RecoveryCode.Format(code.Span, text);
        return new string(text);
    }
}
