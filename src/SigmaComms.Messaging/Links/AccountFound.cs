using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>The record that was asked for.</summary>
/// <param name="Record">The encoded, signed account record; the receiver verifies it.</param>
public sealed record AccountFound(ReadOnlyMemory<byte> Record) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.AccountFound;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Opaque24(Record.Span);
    }

    internal static AccountFound Read(ref WireReader reader) =>
        new(reader.Opaque24(LinkLimits.AccountRecordBytes).ToArray());
}
