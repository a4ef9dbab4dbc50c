using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Asks which directory records a node has. Reply: <see cref="RecordSummary"/>.</summary>
/// <param name="After">Where the page before ended, or null for the first page.</param>
public sealed record GetRecordSummary(NodeId? After) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.GetRecordSummary;

    internal override void WriteBody(WireWriter writer)
    {
        LinkWire.Write(writer, After);
    }

    internal static GetRecordSummary Read(ref WireReader reader) => new(LinkWire.OptionalNode(ref reader));
}
