using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Vault.Tests.Scatter;

public sealed class FragmentLabelTests
{
    [Fact]
    public void A_label_is_written_as_in_the_golden_file_and_read_back()
    {
        FragmentLabel label = Sample();
        WireWriter writer = new();

        label.Write(writer);
        bool read = FragmentLabel.TryDecode(writer.Written, out FragmentLabel? again);

        Assert.Equal(GoldenFile.Read("fragment-label.txt")["label"], writer.ToArray());
        Assert.Equal(
            GoldenFile.Read("fragment-label.txt")["ids"],
            label.Siblings.SelectMany(sibling => sibling.Id.Value.ToArray()));
        Assert.True(read);
        Assert.Equal(label, again);
        Assert.Equal(label.Siblings[1].Id, again!.Id);
        Assert.Equal(label.Siblings[1].Root, again.Root);
        Assert.Equal((2, 1, 1, 4160), (again.DataFragments, again.ParityFragments, again.Index, again.Length));
    }

    [Fact]
    public void A_siblings_label_differs_in_the_index_only()
    {
        FragmentLabel sibling = Sample().Of(2);

        Assert.Equal(Sample().Siblings[2].Id, sibling.Id);
        Assert.Equal(Sample(), sibling.Of(1));
        Assert.NotEqual(Sample(), sibling);
        Assert.Throws<ArgumentOutOfRangeException>(() => sibling.Of(3));
    }

    [Fact]
    public void Every_bit_of_a_label_changes_its_id()
    {
        HashSet<FragmentId> seen = [.. Sample().Siblings.Select(sibling => sibling.Id)];
        byte[] bytes = Encoded();
        int decoded = 0;
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            byte[] changed = [.. bytes];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            if (FragmentLabel.TryDecode(changed, out FragmentLabel? other))
            {
                decoded++;
                Assert.NotEqual(Sample(), other);
                Assert.True(seen.Add(other.Id) || other.Equals(Sample().Of(other.Index)));
            }
        }

        // All of vault, stripe, address and roots, and some of length and index.
        Assert.InRange(decoded, 8 * (32 + 16 + 32 + 96), 8 * bytes.Length);
    }

    [Theory]
    [InlineData(0, 1)] // version
    [InlineData(49, 0)] // k
    [InlineData(49, 3)]
    [InlineData(50, 4)] // m
    [InlineData(51, 3)] // index
    [InlineData(52, 1)] // length
    [InlineData(55, 1)]
    public void A_field_out_of_its_range_is_refused(int at, byte value)
    {
        byte[] bytes = Encoded();
        bytes[at] = value;

        Assert.False(FragmentLabel.TryDecode(bytes, out _));
    }

    [Fact]
    public void Cut_or_lengthened_bytes_are_refused()
    {
        byte[] bytes = Encoded();
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.False(FragmentLabel.TryDecode(bytes.AsSpan(0, length), out _));
        }

        Assert.False(FragmentLabel.TryDecode([.. bytes, 0], out _));
    }

    private static byte[] Encoded()
    {
        WireWriter writer = new();
        Sample().Write(writer);
        return writer.ToArray();
    }

    private static FragmentLabel Sample() => new(
        Digest.Sha256("vault"u8),
        new StripeId([.. Enumerable.Range(0x10, 16).Select(i => (byte)i)]),
        2,
        1,
        4160,
        Digest.Sha256("address"u8),
        [.. Enumerable.Range(0, 3).Select(i => Digest.Sha256([(byte)(i + 10)]))]);
}
