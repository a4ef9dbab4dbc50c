using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>The subscriber is gone. No reply.</summary>
/// <param name="Device">Whose mailbox.</param>
/// <param name="Stamp">The subscription.</param>
public sealed record CloseMailbox(NodeId Device, ulong Stamp) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.CloseMailbox;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(Device.Value);
        writer.U64(Stamp);
    }

    internal static CloseMailbox Read(ref WireReader reader) => new(new NodeId(reader.Digest()), reader.U64());
}
