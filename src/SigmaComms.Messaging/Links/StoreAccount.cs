using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Bind the record's name to its account unless it is bound. Reply: <see cref="Done"/> or a refusal.</summary>
/// <param name="Record">The encoded, signed account record.</param>
public sealed record StoreAccount(ReadOnlyMemory<byte> Record) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.StoreAccount;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Opaque24(Record.Span);
    }

    internal static StoreAccount Read(ref WireReader reader) =>
        new(reader.Opaque24(LinkLimits.AccountRecordBytes).ToArray());
}
