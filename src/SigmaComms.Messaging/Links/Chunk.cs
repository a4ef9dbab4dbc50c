using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>A chunk of an attachment.</summary>
/// <param name="Content">The sealed chunk.</param>
public sealed record Chunk(ReadOnlyMemory<byte> Content) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.Chunk;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Opaque24(Content.Span);
    }

    internal static Chunk Read(ref WireReader reader) => new(reader.Opaque24(LinkLimits.ChunkBytes).ToArray());
}
