using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>A message for a subscriber on the receiving node. No reply.</summary>
/// <param name="Device">Whose mailbox.</param>
/// <param name="Stamp">The subscription.</param>
/// <param name="Sender">The device that deposited it.</param>
/// <param name="MessageId">The sender's id of the message.</param>
/// <param name="Blob">The sealed message.</param>
public sealed record MailboxDelivery(
    NodeId Device,
    ulong Stamp,
    NodeId Sender,
    Digest16 MessageId,
    ReadOnlyMemory<byte> Blob) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.MailboxDelivery;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(Device.Value);
        writer.U64(Stamp);
        writer.Digest(Sender.Value);
        LinkWire.Write(writer, MessageId);
        writer.Opaque24(Blob.Span);
    }

    internal static MailboxDelivery Read(ref WireReader reader) => new(
        new NodeId(reader.Digest()),
        reader.U64(),
        new NodeId(reader.Digest()),
        LinkWire.Digest16(ref reader),
        reader.Opaque24(LinkLimits.BlobBytes).ToArray());
}
