using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>What a node shows of the control log; the link does not read it, and the asker verifies it.</summary>
/// <param name="Content">The encoded answer, see docs/formats/log-answer.md.</param>
public sealed record LogProof(ReadOnlyMemory<byte> Content) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.LogProof;

    internal override void WriteBody(WireWriter writer) => writer.Opaque24(Content.Span);

    internal static LogProof Read(ref WireReader reader) => new(reader.Opaque24(LinkLimits.ControlBytes).ToArray());
}
