using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Another subscription took over this mailbox. No reply.</summary>
/// <param name="Device">Whose mailbox.</param>
/// <param name="Stamp">The subscription that lost.</param>
public sealed record MailboxReplaced(NodeId Device, ulong Stamp) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.MailboxReplaced;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(Device.Value);
        writer.U64(Stamp);
    }

    internal static MailboxReplaced Read(ref WireReader reader) => new(new NodeId(reader.Digest()), reader.U64());
}
