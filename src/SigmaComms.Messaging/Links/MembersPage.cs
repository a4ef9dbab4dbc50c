using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Members of the sender's view; the receiver verifies each.</summary>
/// <param name="View">The view they are of.</param>
/// <param name="Members">The members.</param>
/// <param name="IsLast">Whether no more follow.</param>
public sealed record MembersPage(MembershipView View, IReadOnlyList<MemberCredential> Members, bool IsLast)
    : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.MembersPage;

    internal override void WriteBody(WireWriter writer)
    {
        View.Write(writer);
        LinkWire.WriteList(writer, Members, static (w, item) => item.Write(w));
        writer.Flag(IsLast);
    }

    internal static MembersPage Read(ref WireReader reader) => new(
        MembershipView.Read(ref reader),
        LinkWire.ReadList(ref reader, LinkLimits.MembersPerMessage, MemberCredential.Read),
        reader.Flag());
}
