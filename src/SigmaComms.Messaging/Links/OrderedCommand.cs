using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>What became of one command.</summary>
/// <param name="Outcome">What the log did with it, by its numbers; the link does not read it.</param>
/// <param name="Reply">The state machine's reply; the link does not read it.</param>
public sealed record OrderedCommand(byte Outcome, ReadOnlyMemory<byte> Reply)
{
    internal void Write(WireWriter writer) => writer.U8(Outcome).Opaque16(Reply.Span);

    internal static OrderedCommand Read(ref WireReader reader) =>
        new(reader.U8(), reader.Opaque16(LinkLimits.CommandReplyBytes).ToArray());
}
