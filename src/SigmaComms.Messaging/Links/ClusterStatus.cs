using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>One node's view of the cluster.</summary>
/// <param name="AnsweredBy">The node whose view it is.</param>
/// <param name="Members">Every admitted node, by id.</param>
public sealed record ClusterStatus(NodeId AnsweredBy, IReadOnlyList<MemberStatus> Members) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.ClusterStatus;

    internal override void WriteBody(WireWriter writer)
    {
        writer.Digest(AnsweredBy.Value);
        LinkWire.WriteList(writer, Members, static (w, item) => item.Write(w));
    }

    internal static ClusterStatus Read(ref WireReader reader) => new(
        new NodeId(reader.Digest()),
        LinkWire.ReadList(ref reader, LinkLimits.Members, MemberStatus.Read));
}
