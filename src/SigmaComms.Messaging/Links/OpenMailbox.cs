using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Push the messages of a mailbox over this link. Reply: <see cref="Done"/> or a refusal.</summary>
/// <param name="Device">Whose mailbox.</param>
/// <param name="Stamp">Tells subscriptions apart; later ones have greater stamps.</param>
/// <param name="Fresh">Whether a client just connected, rather than a node changing the holder it reads from.</param>
public sealed record OpenMailbox(NodeId Device, ulong Stamp, bool Fresh) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.OpenMailbox;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(Device.Value);
        writer.U64(Stamp);
        writer.Flag(Fresh);
    }

    internal static OpenMailbox Read(ref WireReader reader) =>
        new(new NodeId(reader.Digest()), reader.U64(), reader.Flag());
}
