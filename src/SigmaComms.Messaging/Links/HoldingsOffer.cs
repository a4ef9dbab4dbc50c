using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// What the sender keeps of a mailbox that belongs on the receiver. Reply: <see cref="HoldingsAnswer"/> or a refusal.
/// </summary>
/// <param name="Device">Whose mailbox.</param>
/// <param name="MessageIds">Some or all of the messages it keeps.</param>
public sealed record HoldingsOffer(NodeId Device, IReadOnlyList<Digest16> MessageIds) : LinkMessage
{
    /// <summary>Why the receiver is asked; null from a node that does not say, and then it is not judged.</summary>
    public OwnershipClaim? Claim { get; init; }

    internal override byte FieldsVersion => (byte)(Claim is null ? 1 : 2);

    internal override byte LatestFieldsVersion => 2;

    internal override LinkMessageId TypeId => LinkMessageId.HoldingsOffer;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(Device.Value);
        LinkWire.Write(writer, MessageIds);
        Claim?.Write(writer);
    }

    internal static HoldingsOffer Read(ref WireReader reader)
    {
        var read = new HoldingsOffer(
            new NodeId(reader.Digest()), LinkWire.Digests(ref reader, LinkLimits.IdsPerMessage));
        return read with { Claim = OwnershipClaim.ReadAtEnd(ref reader) };
    }
}
