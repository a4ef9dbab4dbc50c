using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Takes one prekey bundle. Reply: <see cref="BundleFound"/> or a refusal.</summary>
/// <param name="Device">The device to start a session with.</param>
public sealed record FetchBundle(NodeId Device) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.FetchBundle;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(Device.Value);
    }

    internal static FetchBundle Read(ref WireReader reader) => new(new NodeId(reader.Digest()));
}
