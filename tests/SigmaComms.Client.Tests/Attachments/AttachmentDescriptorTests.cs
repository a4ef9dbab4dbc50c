using System.Buffers.Binary;
using SigmaComms.Client.Attachments;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Cryptography;
using SigmaComms.Vault;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Client.Tests.Attachments;

public sealed class AttachmentDescriptorTests
{
    private const int Stripe = StripeRun.StripeSizeBytes;
    private const int SizeAt = 1 + 32 + 4;
    private const int RootAt = SizeAt + 8 + 32;

    [Theory]
    [InlineData(0L, 0)]
    [InlineData(5L, 1)]
    [InlineData(4L * Stripe, 4)]
    [InlineData((4L * Stripe) + 1, 1)]
    [InlineData(AttachmentDescriptor.FileMaxBytes, 1)]
    public void A_descriptor_survives_a_round_trip(long sizeBytes, int rootStripes)
    {
        AttachmentDescriptor descriptor = Descriptor("Übersicht.pdf", sizeBytes);

        bool read = AttachmentDescriptor.TryDecode(descriptor.Encode(), out AttachmentDescriptor? decoded);

        Assert.True(read);
        Assert.Equal(descriptor.Key.ToArray(), decoded!.Key.ToArray());
        Assert.Equal(descriptor.Day, decoded.Day);
        Assert.Equal(descriptor.SizeBytes, decoded.SizeBytes);
        Assert.Equal(descriptor.Hash, decoded.Hash);
        Assert.Equal("Übersicht.pdf", decoded.Name);
        Assert.Equal(descriptor.Root, decoded.Root);
        Assert.Equal(rootStripes, decoded.Root.Count);
    }

    [Fact]
    public void The_encoding_is_that_of_the_table()
    {
        AttachmentDescriptor descriptor = Descriptor("ü.x");

        Assert.Equal(
            [
                2, .. descriptor.Key.Span, 0, 0, 0x4E, 0x20, 0, 0, 0, 0, 0, 0, 0, 5,
                .. Digest.Sha256("hello"u8).ToArray(),
                .. descriptor.Root[0].Encoded.Span, 0, 4, 0xC3, 0xBC, (byte)'.', (byte)'x',
            ],
            descriptor.Encode());
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("line\nbreak")]
    public void A_name_that_is_no_plain_segment_is_refused_and_cleaned_by_the_sender(string name)
    {
        byte[] encoded = Descriptor(name).Encode();

        Assert.False(AttachmentDescriptor.TryDecode(encoded, out _));
        byte[] cleaned = Descriptor(AttachmentDescriptor.CleanName(name)).Encode();
        Assert.True(AttachmentDescriptor.TryDecode(cleaned, out _));
    }

    [Fact]
    public void A_long_name_is_cut_to_the_limit_between_characters()
    {
        string clean = AttachmentDescriptor.CleanName(string.Concat(Enumerable.Repeat("ü", 300)));

        Assert.Equal(127, clean.Length);
    }

    [Fact]
    public void Truncations_and_trailing_bytes_are_refused()
    {
        byte[] encoded = Descriptor("x").Encode();

        for (int size = 0; size < encoded.Length; size++)
        {
            Assert.False(AttachmentDescriptor.TryDecode(encoded.AsSpan(0, size), out _));
        }

        Assert.False(AttachmentDescriptor.TryDecode([.. encoded, 0], out _));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(4UL)]
    [InlineData((ulong)AttachmentDescriptor.FileMaxBytes)]
    [InlineData((ulong)AttachmentDescriptor.FileMaxBytes + 1)]
    [InlineData(ulong.MaxValue)]
    public void A_size_that_the_stripes_do_not_have_is_refused(ulong sizeBytes)
    {
        byte[] encoded = Descriptor("x").Encode();
        BinaryPrimitives.WriteUInt64BigEndian(encoded.AsSpan(SizeAt), sizeBytes);

        Assert.False(AttachmentDescriptor.TryDecode(encoded, out _));
    }

    [Theory]
    [InlineData(33, 0, 0)]
    [InlineData(128, 127, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(2, 4, 0)]
    [InlineData(2, 2, 4)]
    public void Stripes_of_another_shape_length_or_version_are_refused(int data, int parity, int plaintextLength)
    {
        byte[] encoded = Descriptor("x", 2L * Stripe).Encode();
        encoded[RootAt + 21] = (byte)data;
        encoded[RootAt + 22] = (byte)parity;
        encoded[RootAt + 20] = (byte)plaintextLength;
        byte[] version = Descriptor("x").Encode();
        version[0] = 1;

        Assert.False(AttachmentDescriptor.TryDecode(encoded, out _));
        Assert.False(AttachmentDescriptor.TryDecode(version, out _));
    }

    [Fact]
    public void Stripes_of_two_shapes_are_refused()
    {
        AttachmentDescriptor one = Descriptor("x", 2L * Stripe);
        AttachmentDescriptor mixed = new(
            one.Key.Span, one.Day, one.SizeBytes, one.Hash, one.Name, [one.Root[0], Entry(Stripe, 4, 2)]);

        Assert.False(AttachmentDescriptor.TryDecode(mixed.Encode(), out _));
    }

    [Fact]
    public void The_longest_descriptor_fits_into_a_message()
    {
        AttachmentDescriptor widest = Descriptor(new string('x', 255), AttachmentDescriptor.FileMaxBytes, 22, 10);

        byte[] encoded = widest.Encode();

        Assert.InRange(encoded.Length, 1, Client.Sessions.Envelope.BodyMaxBytes);
        Assert.True(AttachmentDescriptor.TryDecode(encoded, out _));
    }

    [Fact]
    public void Any_changed_byte_is_refused_or_read_as_what_it_says()
    {
        byte[] encoded = Descriptor("x", (5L * Stripe) + 1).Encode();
        for (int at = 0; at < encoded.Length; at++)
        {
            byte[] changed = [.. encoded];
            changed[at] ^= 0x81;

            bool read = AttachmentDescriptor.TryDecode(changed, out AttachmentDescriptor? decoded);

            Assert.True(!read || decoded!.Encode().AsSpan().SequenceEqual(changed), $"byte {at}");
        }
    }

    [Fact]
    public void Its_text_form_says_no_key()
    {
        Assert.Equal("Attachment(5 bytes)", Descriptor("x").ToString());
    }

    private static AttachmentDescriptor Descriptor(string name, long sizeBytes = 5, int data = 2, int parity = 2)
    {
        int count = StripeRun.CountOf(sizeBytes);
        long rootBytes = count <= AttachmentDescriptor.StripesInlineMax
            ? sizeBytes
            : StripeRun.ListSizeOf(count, Entry(1, data, parity));
        List<StripeEntry> root = [];
        for (long left = rootBytes; left > 0; left -= Stripe)
        {
            root.Add(Entry((int)Math.Min(left, Stripe), data, parity));
        }

        return new AttachmentDescriptor(
            new SeededRandom(6).Bytes(32), 20_000, sizeBytes, Digest.Sha256("hello"u8), name, root);
    }

    private static StripeEntry Entry(int plaintextLength, int data, int parity) => new(
        new StripeId(new SeededRandom(7).Bytes(16)),
        new StripeLayout(plaintextLength, data, parity),
        new byte[32],
        new byte[16],
        [.. Enumerable.Range(0, data + parity).Select(i => Digest.Sha256([(byte)i]))]);
}
