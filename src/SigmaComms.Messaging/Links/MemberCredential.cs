using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// What proves a member: the operator's admission and the node's own announcement, as they were signed.
/// </summary>
/// <param name="Admission">The encoded admission.</param>
/// <param name="Announcement">The encoded announcement.</param>
public sealed record MemberCredential(ReadOnlyMemory<byte> Admission, ReadOnlyMemory<byte> Announcement)
{
    internal void Write(WireWriter writer)
    {
        writer.Opaque24(Admission.Span);
        writer.Opaque24(Announcement.Span);
    }

    internal static MemberCredential Read(ref WireReader reader) => new(
        reader.Opaque24(LinkLimits.AdmissionBytes).ToArray(),
        reader.Opaque24(LinkLimits.AnnouncementBytes).ToArray());
}
