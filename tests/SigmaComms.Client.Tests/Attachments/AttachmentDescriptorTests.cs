using SigmaComms.Client.Attachments;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Tests.Attachments;

public sealed class AttachmentDescriptorTests
{
    [Fact]
    public void A_descriptor_survives_a_round_trip()
    {
        AttachmentDescriptor descriptor = Descriptor("Übersicht.pdf");

        bool read = AttachmentDescriptor.TryDecode(descriptor.Encode(), out AttachmentDescriptor? decoded);

        Assert.True(read);
        Assert.Equal(descriptor.Id, decoded!.Id);
        Assert.Equal(descriptor.Key.ToArray(), decoded.Key.ToArray());
        Assert.Equal(descriptor.SizeBytes, decoded.SizeBytes);
        Assert.Equal(descriptor.Hash, decoded.Hash);
        Assert.Equal("Übersicht.pdf", decoded.Name);
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
    public void Truncations_trailing_bytes_and_impossible_sizes_are_refused()
    {
        byte[] encoded = Descriptor("x").Encode();

        for (int size = 0; size < encoded.Length; size++)
        {
            Assert.False(AttachmentDescriptor.TryDecode(encoded.AsSpan(0, size), out _));
        }

        Assert.False(AttachmentDescriptor.TryDecode([.. encoded, 0], out _));
        byte[] huge = [.. encoded];
        huge[1 + 16 + 32] = 0xFF;
        Assert.False(AttachmentDescriptor.TryDecode(huge, out _));
    }

    [Fact]
    public void Its_text_form_says_no_key()
    {
        Assert.Equal("Attachment(5 bytes)", Descriptor("x").ToString());
    }

    private static AttachmentDescriptor Descriptor(string name)
    {
        var random = new SeededRandom(6);
        return new AttachmentDescriptor(
            Digest16.Random(random), random.Bytes(32), 5, Digest.Sha256("hello"u8), name);
    }
}
