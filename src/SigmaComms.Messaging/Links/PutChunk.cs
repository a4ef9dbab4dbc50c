using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// Stores one sealed chunk of an attachment. Reply: <see cref="Done"/>; for the last chunk once all are durable.
/// </summary>
/// <param name="Attachment">The attachment.</param>
/// <param name="Index">Which chunk, from 0.</param>
/// <param name="Count">How many chunks the attachment has.</param>
/// <param name="Content">The sealed chunk.</param>
public sealed record PutChunk(Digest16 Attachment, uint Index, uint Count, ReadOnlyMemory<byte> Content) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.PutChunk;

    internal override void WriteBody(WireWriter writer)
    {
        LinkWire.Write(writer, Attachment);
        writer.U32(Index);
        writer.U32(Count);
        writer.Opaque24(Content.Span);
    }

    internal static PutChunk Read(ref WireReader reader) => new(
        LinkWire.Digest16(ref reader),
        reader.U32(),
        reader.U32(),
        reader.Opaque24(LinkLimits.ChunkBytes).ToArray());
}
