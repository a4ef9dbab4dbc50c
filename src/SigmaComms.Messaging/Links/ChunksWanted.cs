using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Which of the offered chunks to send.</summary>
/// <param name="Wanted">One bit for each chunk, lowest first: whether the answering node lacks it.</param>
public sealed record ChunksWanted(ReadOnlyMemory<byte> Wanted) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.ChunksWanted;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Opaque16(Wanted.Span);
    }

    internal static ChunksWanted Read(ref WireReader reader) => new(
        reader.Opaque16(LinkLimits.ChunkBitmapBytes).ToArray());
}
