using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>A majority accepted the record: it is the one to serve. Reply: <see cref="Done"/> or a refusal.</summary>
/// <param name="Record">The encoded, signed account record.</param>
public sealed record CommitAccount(ReadOnlyMemory<byte> Record) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.CommitAccount;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Opaque24(Record.Span);
    }

    internal static CommitAccount Read(ref WireReader reader) =>
        new(reader.Opaque24(LinkLimits.AccountRecordBytes).ToArray());
}
