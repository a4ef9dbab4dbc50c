using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Messages the client keeps durably itself: their copies on the nodes are deleted. No reply.</summary>
/// <param name="MessageIds">The messages.</param>
public sealed record Acknowledge(IReadOnlyList<Digest16> MessageIds) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.Acknowledge;

    internal override void WriteBody(WireWriter writer)
    {
        LinkWire.Write(writer, MessageIds);
    }

    internal static Acknowledge Read(ref WireReader reader) =>
        new(LinkWire.Digests(ref reader, LinkLimits.IdsPerMessage));
}
