using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// Asks a node to show what the control log has of a name, of a node, or of both, to somebody who trusts the
/// validators' keys alone. Reply: <see cref="LogProof"/> or a refusal.
/// </summary>
/// <param name="Epoch">The epoch whose validators the asker knows.</param>
/// <param name="Height">The last block that it has verified; nothing older is wanted.</param>
/// <param name="Updates">The updates of the key directory that it has verified; the answer goes on from them.</param>
/// <param name="Name">The name, or null.</param>
/// <param name="Node">The node, or null.</param>
public sealed record GetLogProof(ulong Epoch, ulong Height, ulong Updates, string? Name, NodeId? Node) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.GetLogProof;

    internal override void WriteBody(WireWriter writer)
    {
        writer.U64(Epoch).U64(Height).U64(Updates);
        LinkWire.WriteOptional(writer, Name);
        LinkWire.Write(writer, Node);
    }

    internal static GetLogProof Read(ref WireReader reader) => new(
        reader.U64(),
        reader.U64(),
        reader.U64(),
        LinkWire.OptionalText(ref reader, LinkLimits.NameBytes),
        LinkWire.OptionalNode(ref reader));
}
