using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Messages their recipient keeps: delete every copy. No reply.</summary>
/// <param name="Device">Whose mailbox.</param>
/// <param name="MessageIds">The messages.</param>
public sealed record AcknowledgeAt(NodeId Device, IReadOnlyList<Digest16> MessageIds) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.AcknowledgeAt;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(Device.Value);
        LinkWire.Write(writer, MessageIds);
    }

    internal static AcknowledgeAt Read(ref WireReader reader) => new(
        new NodeId(reader.Digest()),
        LinkWire.Digests(ref reader, LinkLimits.IdsPerMessage));
}
