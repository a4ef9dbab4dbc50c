using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Push the messages of a mailbox over this link. Reply: <see cref="Done"/> or a refusal.</summary>
/// <param name="Device">Whose mailbox.</param>
/// <param name="Stamp">Tells subscriptions apart; later ones have greater stamps.</param>
/// <param name="Fresh">Whether a client just connected, rather than a node changing the holder it reads from.</param>
public sealed record OpenMailbox(NodeId Device, ulong Stamp, bool Fresh) : LinkMessage
{
    /// <summary>Why the receiver is asked; null from a node that does not say, and then it is not judged.</summary>
    public OwnershipClaim? Claim { get; init; }

    internal override byte FieldsVersion => (byte)(Claim is null ? 1 : 2);

    internal override byte LatestFieldsVersion => 2;

    internal override LinkMessageId TypeId => LinkMessageId.OpenMailbox;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(Device.Value);
        writer.U64(Stamp);
        writer.Flag(Fresh);
        Claim?.Write(writer);
    }

    internal static OpenMailbox Read(ref WireReader reader)
    {
        var read = new OpenMailbox(new NodeId(reader.Digest()), reader.U64(), reader.Flag());
        return read with { Claim = OwnershipClaim.ReadAtEnd(ref reader) };
    }
}
