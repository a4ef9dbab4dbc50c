using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>A prekey bundle; a one-time bundle was handed out to nobody else.</summary>
/// <param name="Bundle">The encoded, signed bundle; the receiver verifies it.</param>
public sealed record BundleFound(ReadOnlyMemory<byte> Bundle) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.BundleFound;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Opaque24(Bundle.Span);
    }

    internal static BundleFound Read(ref WireReader reader) => new(reader.Opaque24(LinkLimits.BundleBytes).ToArray());
}
