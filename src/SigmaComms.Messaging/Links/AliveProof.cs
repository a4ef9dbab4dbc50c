using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>The answer to a <see cref="ProveAlive"/>.</summary>
/// <param name="Announcement">The encoded announcement with the number that was asked for.</param>
public sealed record AliveProof(ReadOnlyMemory<byte> Announcement) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.AliveProof;

    internal override void WriteBody(WireWriter writer) => writer.Opaque24(Announcement.Span);

    internal static AliveProof Read(ref WireReader reader) =>
        new(reader.Opaque24(LinkLimits.AnnouncementBytes).ToArray());
}
