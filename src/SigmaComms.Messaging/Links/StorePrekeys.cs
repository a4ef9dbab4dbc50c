using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Keep these one-time bundles, on this node only. Reply: <see cref="PrekeysStored"/> or a refusal.</summary>
/// <param name="Device">The device.</param>
/// <param name="OneTime">The encoded bundles.</param>
public sealed record StorePrekeys(NodeId Device, IReadOnlyList<ReadOnlyMemory<byte>> OneTime) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.StorePrekeys;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(Device.Value);
        LinkWire.Write(writer, OneTime);
    }

    internal static StorePrekeys Read(ref WireReader reader) => new(
        new NodeId(reader.Digest()),
        LinkWire.Blobs(ref reader, LinkLimits.PrekeysPerUpload, LinkLimits.BundleBytes));
}
