using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// Binds a name to an account key, or updates its devices. Reply: <see cref="Done"/> once a majority keeps it, or a
/// refusal.
/// </summary>
/// <param name="Record">The encoded, signed account record.</param>
public sealed record PublishAccount(ReadOnlyMemory<byte> Record) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.PublishAccount;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Opaque24(Record.Span);
    }

    internal static PublishAccount Read(ref WireReader reader) =>
        new(reader.Opaque24(LinkLimits.AccountRecordBytes).ToArray());
}
