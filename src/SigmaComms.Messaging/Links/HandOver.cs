using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Keep these messages durably. Reply: <see cref="Done"/> or a refusal.</summary>
/// <param name="Device">Whose mailbox.</param>
/// <param name="Messages">The messages; together under the frame limit.</param>
public sealed record HandOver(NodeId Device, IReadOnlyList<HeldMessage> Messages) : LinkMessage
{
    /// <summary>Why the receiver is asked; null from a node that does not say, and then it is not judged.</summary>
    public OwnershipClaim? Claim { get; init; }

    internal override byte FieldsVersion => (byte)(Claim is null ? 1 : 2);

    internal override byte LatestFieldsVersion => 2;

    internal override LinkMessageId TypeId => LinkMessageId.HandOver;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(Device.Value);
        LinkWire.WriteList(writer, Messages, static (w, item) => item.Write(w));
        Claim?.Write(writer);
    }

    internal static HandOver Read(ref WireReader reader)
    {
        var read = new HandOver(
            new NodeId(reader.Digest()),
            LinkWire.ReadList(ref reader, LinkLimits.MessagesPerHandOver, HeldMessage.Read));
        return read with { Claim = OwnershipClaim.ReadAtEnd(ref reader) };
    }
}
