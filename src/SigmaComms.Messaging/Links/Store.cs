using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Keep one sealed message durably. Reply: <see cref="Done"/> or a refusal.</summary>
/// <param name="Recipient">Whose mailbox.</param>
/// <param name="Message">The message.</param>
public sealed record Store(NodeId Recipient, HeldMessage Message) : LinkMessage
{
    /// <summary>Why the receiver is asked; null from a node that does not say, and then it is not judged.</summary>
    public OwnershipClaim? Claim { get; init; }

    internal override byte FieldsVersion => (byte)(Claim is null ? 1 : 2);

    internal override byte LatestFieldsVersion => 2;

    internal override LinkMessageId TypeId => LinkMessageId.Store;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(Recipient.Value);
        Message.Write(writer);
        Claim?.Write(writer);
    }

    internal static Store Read(ref WireReader reader)
    {
        var read = new Store(new NodeId(reader.Digest()), HeldMessage.Read(ref reader));
        return read with { Claim = OwnershipClaim.ReadAtEnd(ref reader) };
    }
}
