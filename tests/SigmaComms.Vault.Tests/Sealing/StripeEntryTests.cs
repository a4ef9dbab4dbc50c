using System.Runtime.CompilerServices;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Vault.Tests.Sealing;

/// <summary>docs/formats/vault-stripe.md; another program made the golden file from that text.</summary>
public sealed class StripeEntryTests
{
    [Fact]
    public void An_entry_is_written_as_in_the_golden_file()
    {
        StripeEntry entry = Sample();

        Assert.Equal(Golden(), Convert.ToHexStringLower(entry.Encoded.Span));
    }

    [Fact]
    public void The_golden_bytes_are_read_back_in_every_field()
    {
        byte[] golden = Convert.FromHexString(Golden());

        bool read = StripeEntry.TryDecode(golden, out StripeEntry? entry);

        Assert.True(read);
        Assert.Equal(Sample(), entry);
        Assert.Equal("101112131415161718191a1b1c1d1e1f", entry!.Stripe.ToString());
        Assert.Equal(1_000_000, entry.PlaintextLength);
        Assert.Equal(2, entry.DataFragments);
        Assert.Equal(1, entry.ParityFragments);
        Assert.Equal(507_904, entry.Layout.FragmentLength);
        Assert.Equal(0x20, entry.SealedKey[0]);
        Assert.Equal(0x40, entry.Tag[0]);
        Assert.Equal(Digest.Sha256([2]), entry.Root(2));
        Assert.Equal(StripeEntry.HeadSize + (3 * 32), entry.Encoded.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => entry.Root(3));
    }

    [Fact]
    public void An_entry_is_read_from_among_other_fields()
    {
        WireWriter writer = new();
        writer.U8(7);
        Sample().Write(writer);
        writer.U8(9);
        WireReader reader = new(writer.Written);

        byte before = reader.U8();
        StripeEntry? entry = StripeEntry.Read(ref reader);
        byte after = reader.U8();

        Assert.Equal((7, 9), (before, after));
        Assert.Equal(Sample(), entry);
        Assert.True(reader.AtEnd);
    }

    [Fact]
    public void Cut_or_lengthened_bytes_are_refused()
    {
        byte[] bytes = Sample().Encoded.ToArray();

        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.False(StripeEntry.TryDecode(bytes.AsSpan(0, length), out _), $"{length} bytes");
        }

        Assert.False(StripeEntry.TryDecode([.. bytes, 0], out StripeEntry? none));
        Assert.Null(none);
    }

    [Theory]
    [InlineData(0, 2)] // version
    [InlineData(0, 0)]
    [InlineData(17, 0xff)] // length
    [InlineData(18, 0xff)]
    [InlineData(21, 0)] // k
    [InlineData(21, 129)]
    [InlineData(21, 3)] // another number of roots than there are
    [InlineData(22, 4)] // m not below 2k
    [InlineData(22, 2)]
    public void A_field_out_of_its_range_is_refused(int at, byte value)
    {
        byte[] bytes = Sample().Encoded.ToArray();
        bytes[at] = value;

        Assert.False(StripeEntry.TryDecode(bytes, out _));
    }

    [Fact]
    public void A_length_of_zero_is_refused()
    {
        byte[] bytes = Sample().Encoded.ToArray();
        bytes.AsSpan(17, 4).Clear();

        Assert.False(StripeEntry.TryDecode(bytes, out _));
    }

    [Fact]
    public void Whatever_random_bytes_decode_to_is_written_as_the_same_bytes()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        int decoded = 0;
        for (int run = 0; run < 20_000; run++)
        {
            byte[] bytes = Sample().Encoded.ToArray();
            for (int flips = random.Next(4); flips >= 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            if (StripeEntry.TryDecode(bytes, out StripeEntry? entry))
            {
                decoded++;
                Assert.True(bytes.AsSpan().SequenceEqual(entry.Encoded.Span), $"seed {seed}, run {run}");
                Assert.InRange(entry.Layout.FragmentLength, 64, 8 << 20);
            }
        }

        Assert.True(decoded > 0, $"seed {seed}");
    }

    [Fact]
    public void Parts_of_wrong_sizes_are_refused()
    {
        StripeLayout layout = new(1000, 2, 1);
        Digest[] roots = new Digest[3];

        Assert.Throws<ArgumentException>(() => new StripeEntry(default, layout, new byte[31], new byte[16], roots));
        Assert.Throws<ArgumentException>(() => new StripeEntry(default, layout, new byte[32], new byte[15], roots));
        Assert.Throws<ArgumentException>(
            () => new StripeEntry(default, layout, new byte[32], new byte[16], roots.AsSpan(1)));
        Assert.Throws<ArgumentException>(() => new StripeEntry(default, default, new byte[32], new byte[16], []));
    }

    private static StripeEntry Sample() => new(
        new StripeId([.. Enumerable.Range(0x10, 16).Select(i => (byte)i)]),
        new StripeLayout(1_000_000, 2, 1),
        [.. Enumerable.Range(0x20, 32).Select(i => (byte)i)],
        [.. Enumerable.Range(0x40, 16).Select(i => (byte)i)],
        [Digest.Sha256([0]), Digest.Sha256([1]), Digest.Sha256([2])]);

    private static string Golden([CallerFilePath] string source = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(source)!, "golden-stripe-entry.txt")).Trim();
}
