using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>A message from the mailbox. It comes again until it is acknowledged, and may come twice.</summary>
/// <param name="Sender">The device that deposited it, as its channel proved.</param>
/// <param name="MessageId">The sender's id of the message.</param>
/// <param name="Blob">The sealed message.</param>
public sealed record Delivery(NodeId Sender, Digest16 MessageId, ReadOnlyMemory<byte> Blob) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.Delivery;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(Sender.Value);
        LinkWire.Write(writer, MessageId);
        writer.Opaque24(Blob.Span);
    }

    internal static Delivery Read(ref WireReader reader) => new(
        new NodeId(reader.Digest()),
        LinkWire.Digest16(ref reader),
        reader.Opaque24(LinkLimits.BlobBytes).ToArray());
}
