using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Keep these messages durably. Reply: <see cref="Done"/> or a refusal.</summary>
/// <param name="Device">Whose mailbox.</param>
/// <param name="Messages">The messages; together under the frame limit.</param>
public sealed record HandOver(NodeId Device, IReadOnlyList<HeldMessage> Messages) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.HandOver;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(Device.Value);
        LinkWire.WriteList(writer, Messages, static (w, item) => item.Write(w));
    }

    internal static HandOver Read(ref WireReader reader) => new(
        new NodeId(reader.Digest()),
        LinkWire.ReadList(ref reader, LinkLimits.MessagesPerHandOver, HeldMessage.Read));
}
