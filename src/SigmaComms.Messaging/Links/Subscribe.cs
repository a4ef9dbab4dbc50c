using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// Asks for the messages of the sender's device. Reply: <see cref="Done"/>, then pushes of <see cref="Delivery"/>.
/// </summary>
/// <param name="Device">The device; only its own connection may subscribe.</param>
public sealed record Subscribe(NodeId Device) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.Subscribe;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(Device.Value);
    }

    internal static Subscribe Read(ref WireReader reader) => new(new NodeId(reader.Digest()));
}
