using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// Leaves a sealed message for a device. Reply: <see cref="Done"/> once two nodes keep it durably, or a refusal.
/// </summary>
/// <param name="Recipient">The device it is for.</param>
/// <param name="MessageId">Made by the sender; a repeat with the same id is stored once.</param>
/// <param name="Blob">The sealed message.</param>
public sealed record Deposit(NodeId Recipient, Digest16 MessageId, ReadOnlyMemory<byte> Blob) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.Deposit;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(Recipient.Value);
        LinkWire.Write(writer, MessageId);
        writer.Opaque24(Blob.Span);
    }

    internal static Deposit Read(ref WireReader reader) => new(
        new NodeId(reader.Digest()),
        LinkWire.Digest16(ref reader),
        reader.Opaque24(LinkLimits.BlobBytes).ToArray());
}
