using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Members that the sender has verified; the receiver verifies them again. No reply.</summary>
/// <param name="Members">The members.</param>
public sealed record MembershipGossip(IReadOnlyList<MemberCredential> Members) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.MembershipGossip;

    internal override void WriteBody(WireWriter writer)
    {
        LinkWire.WriteList(writer, Members, static (w, item) => item.Write(w));
    }

    internal static MembershipGossip Read(ref WireReader reader) => new(
        LinkWire.ReadList(ref reader, LinkLimits.MembersPerMessage, MemberCredential.Read));
}
