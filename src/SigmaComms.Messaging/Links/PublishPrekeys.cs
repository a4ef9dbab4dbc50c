using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// Replaces the last-resort bundle of the sender's device and adds one-time bundles. Reply:
/// <see cref="PrekeysStored"/> or a refusal.
/// </summary>
/// <param name="Device">The device; only its own connection may publish for it.</param>
/// <param name="LastResort">The encoded last-resort bundle; empty to leave it as it is.</param>
/// <param name="OneTime">Encoded one-time bundles; each is handed out once.</param>
public sealed record PublishPrekeys(
    NodeId Device,
    ReadOnlyMemory<byte> LastResort,
    IReadOnlyList<ReadOnlyMemory<byte>> OneTime) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.PublishPrekeys;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(Device.Value);
        writer.Opaque24(LastResort.Span);
        LinkWire.Write(writer, OneTime);
    }

    internal static PublishPrekeys Read(ref WireReader reader) => new(
        new NodeId(reader.Digest()),
        reader.Opaque24(LinkLimits.BundleBytes).ToArray(),
        LinkWire.Blobs(ref reader, LinkLimits.PrekeysPerUpload, LinkLimits.BundleBytes));
}
