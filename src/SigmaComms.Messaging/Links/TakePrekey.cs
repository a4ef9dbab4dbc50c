using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Hand out one one-time bundle of this node. Reply: <see cref="BundleFound"/> or a refusal.</summary>
/// <param name="Device">The device.</param>
public sealed record TakePrekey(NodeId Device) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.TakePrekey;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(Device.Value);
    }

    internal static TakePrekey Read(ref WireReader reader) => new(new NodeId(reader.Digest()));
}
