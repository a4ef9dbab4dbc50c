using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>What a fragment is.</summary>
/// <param name="Label">The encoded label; the link does not read it.</param>
public sealed record FragmentDescription(ReadOnlyMemory<byte> Label) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.FragmentDescription;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Opaque16(Label.Span);
    }

    internal static FragmentDescription Read(ref WireReader reader) =>
        new(reader.Opaque16(LinkLimits.FragmentLabelBytes).ToArray());
}
