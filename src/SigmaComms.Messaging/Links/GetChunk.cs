using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Asks for one chunk of an attachment. Reply: <see cref="Chunk"/> or a refusal.</summary>
/// <param name="Attachment">The attachment.</param>
/// <param name="Index">Which chunk, from 0.</param>
public sealed record GetChunk(Digest16 Attachment, uint Index) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.GetChunk;

    internal override void WriteBody(WireWriter writer)
    {
        LinkWire.Write(writer, Attachment);
        writer.U32(Index);
    }

    internal static GetChunk Read(ref WireReader reader) => new(LinkWire.Digest16(ref reader), reader.U32());
}
