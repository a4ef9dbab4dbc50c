using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>A sealed message as nodes keep it.</summary>
/// <param name="Sender">The device that deposited it.</param>
/// <param name="MessageId">The sender's id of the message.</param>
/// <param name="ExpiresUtcTicks">When it may be dropped: 100 ns ticks of UTC since year 1.</param>
/// <param name="Blob">The sealed message.</param>
public sealed record HeldMessage(
    NodeId Sender,
    Digest16 MessageId,
    ulong ExpiresUtcTicks,
    ReadOnlyMemory<byte> Blob)
{
    internal void Write(WireWriter writer)
    {
        writer.Digest(Sender.Value);
        LinkWire.Write(writer, MessageId);
        writer.U64(ExpiresUtcTicks);
        writer.Opaque24(Blob.Span);
    }

    internal static HeldMessage Read(ref WireReader reader) => new(
        new NodeId(reader.Digest()),
        LinkWire.Digest16(ref reader),
        reader.U64(),
        reader.Opaque24(LinkLimits.BlobBytes).ToArray());
}
