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
    internal override LinkMessageId TypeId => LinkMessageId.HoldingsOffer;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(Device.Value);
        LinkWire.Write(writer, MessageIds);
    }

    internal static HoldingsOffer Read(ref WireReader reader) => new(
        new NodeId(reader.Digest()),
        LinkWire.Digests(ref reader, LinkLimits.IdsPerMessage));
}
