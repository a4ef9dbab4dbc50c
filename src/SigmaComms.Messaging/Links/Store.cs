using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Keep one sealed message durably. Reply: <see cref="Done"/> or a refusal.</summary>
/// <param name="Recipient">Whose mailbox.</param>
/// <param name="Message">The message.</param>
public sealed record Store(NodeId Recipient, HeldMessage Message) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.Store;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(Recipient.Value);
        Message.Write(writer);
    }

    internal static Store Read(ref WireReader reader) => new(new NodeId(reader.Digest()), HeldMessage.Read(ref reader));
}
