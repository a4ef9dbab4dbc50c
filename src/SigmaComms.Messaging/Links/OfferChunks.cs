using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// The sender keeps chunks of an attachment that belongs on the receiver. Reply: <see cref="ChunksWanted"/> once all
/// that the receiver has is on its disk, or a refusal.
/// </summary>
/// <param name="Attachment">The attachment.</param>
/// <param name="Count">Chunks the attachment has.</param>
/// <param name="WrittenUtcTicks">When it was written: the copy lives no longer than the original.</param>
/// <param name="Present">One bit for each chunk, lowest first: whether the sender has it.</param>
public sealed record OfferChunks(
    Digest16 Attachment, uint Count, ulong WrittenUtcTicks, ReadOnlyMemory<byte> Present) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.OfferChunks;

    internal override void WriteBody(WireWriter writer)
    {
        LinkWire.Write(writer, Attachment);
        writer.U32(Count);
        writer.U64(WrittenUtcTicks);
        writer.Opaque16(Present.Span);
    }

    internal static OfferChunks Read(ref WireReader reader) => new(
        LinkWire.Digest16(ref reader),
        reader.U32(),
        reader.U64(),
        reader.Opaque16(LinkLimits.ChunkBitmapBytes).ToArray());
}
