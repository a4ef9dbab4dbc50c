using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>A message of the control log between two nodes; the link does not read it. No reply.</summary>
/// <param name="Content">The message, at most <see cref="LinkLimits.ControlBytes"/>.</param>
public sealed record ControlFrame(ReadOnlyMemory<byte> Content) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.ControlFrame;

    internal override void WriteBody(WireWriter writer) => writer.Opaque24(Content.Span);

    internal static ControlFrame Read(ref WireReader reader) =>
        new(reader.Opaque24(LinkLimits.ControlBytes).ToArray());
}
