using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Keep a last-resort bundle, on every node. Reply: <see cref="Done"/> or a refusal.</summary>
/// <param name="Device">The device.</param>
/// <param name="Version">Not used: the end and the id that the device signed in the bundle order its bundles.</param>
/// <param name="Bundle">The encoded bundle.</param>
public sealed record StoreLastResort(NodeId Device, ulong Version, ReadOnlyMemory<byte> Bundle) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.StoreLastResort;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(Device.Value);
        writer.U64(Version);
        writer.Opaque24(Bundle.Span);
    }

    internal static StoreLastResort Read(ref WireReader reader) => new(
        new NodeId(reader.Digest()),
        reader.U64(),
        reader.Opaque24(LinkLimits.BundleBytes).ToArray());
}
