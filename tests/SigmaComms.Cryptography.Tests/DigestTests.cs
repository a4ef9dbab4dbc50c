namespace SigmaComms.Cryptography.Tests;

/// <summary>Known answer of FIPS 180-4, text form and order.</summary>
public sealed class DigestTests
{
    // FIPS 180-4's example "abc".
    private const string Abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void Sha256_gives_the_value_of_the_standard() =>
        Assert.Equal(Abc, Digest.Sha256("abc"u8).ToString());

    [Fact]
    public void Bytes_text_and_value_are_the_same_thing()
    {
        SeededRandom random = new(20);
        for (int run = 0; run < 200; run++)
        {
            byte[] bytes = random.Bytes(Digest.SizeBytes);
            Digest digest = new(bytes);

            Assert.Equal(bytes, digest.ToArray());
            Assert.Equal(Convert.ToHexStringLower(bytes), digest.ToString());
            Assert.True(Digest.TryParse(digest.ToString().ToUpperInvariant(), out Digest parsed));
            Assert.Equal(digest, parsed);
            Assert.Equal(digest.GetHashCode(), parsed.GetHashCode());
        }
    }

    [Fact]
    public void It_sorts_as_its_bytes_do()
    {
        SeededRandom random = new(21);
        for (int run = 0; run < 500; run++)
        {
            byte[] left = random.Bytes(32);
            byte[] right = [.. left];
            random.Fill(right.AsSpan(random.Below(33)));
            int expected = Math.Sign(left.AsSpan().SequenceCompareTo(right));
            (Digest a, Digest b) = (new Digest(left), new Digest(right));

            Assert.Equal(expected, Math.Sign(a.CompareTo(b)));
            Assert.Equal(expected < 0, a < b);
            Assert.Equal(expected > 0, a > b);
            Assert.Equal(expected <= 0, a <= b);
            Assert.Equal(expected >= 0, a >= b);
            Assert.Equal(expected == 0, a == b);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad0")]
    [InlineData("ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(" a7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void Any_other_text_is_refused(string? text)
    {
        Assert.False(Digest.TryParse(text, out Digest digest));
        Assert.False(NodeId.TryParse(text, out NodeId id));

        Assert.Equal(default, digest);
        Assert.Equal(default, id);
    }

    [Fact]
    public void Another_number_of_bytes_is_an_argument_error()
    {
        Assert.Throws<ArgumentException>(() => new Digest(new byte[31]));
        Assert.Throws<ArgumentException>(() => new Digest(new byte[33]));
    }
}
