using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>An entry of a vault's stream; its place in the page says its index.</summary>
/// <param name="Writer">Who appended it.</param>
/// <param name="Sequence">Its number among the writer's entries, from 1.</param>
/// <param name="Timestamp">The time of its block, in 100 ns of UTC since year 1.</param>
/// <param name="Content">What the writer sealed.</param>
public sealed record VaultPageEntry(NodeId Writer, ulong Sequence, ulong Timestamp, ReadOnlyMemory<byte> Content)
{
    internal void Write(WireWriter writer) =>
        writer.Digest(Writer.Value).U64(Sequence).U64(Timestamp).Opaque24(Content.Span);

    internal static VaultPageEntry Read(ref WireReader reader) => new(
        new NodeId(reader.Digest()),
        reader.U64(),
        reader.U64(),
        reader.Opaque24(LinkLimits.VaultEntryBytes).ToArray());
}
