using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>The node takes part; it dials or awaits the members.</summary>
/// <param name="Members">All members the answering node knows.</param>
public sealed record JoinAccepted(IReadOnlyList<MemberCredential> Members) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.JoinAccepted;

    internal override void WriteBody(WireWriter writer)
    {
        LinkWire.WriteList(writer, Members, static (w, item) => item.Write(w));
    }

    internal static JoinAccepted Read(ref WireReader reader) => new(
        LinkWire.ReadList(ref reader, LinkLimits.MembersPerMessage, MemberCredential.Read));
}
