using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Membership;

/// <summary>
/// Who decides which nodes may take part: the control log; in clusters without one, the operator's signature.
/// </summary>
public interface IAdmissionAuthority
{
    /// <summary>Decides about a node that shows an admission.</summary>
    /// <param name="admission">What it shows; untrusted.</param>
    /// <param name="node">Who it proved to be.</param>
    /// <param name="now">The present time.</param>
    AdmissionDecision Judge(ReadOnlyMemory<byte> admission, NodeId node, DateTimeOffset now);

    /// <summary>Whether a node belonged to the cluster and does not any more: links with it are dropped.</summary>
    /// <param name="node">The node.</param>
    bool IsTurnedOut(NodeId node);

    /// <summary>
    /// Numbers the state of membership in which these nodes are the members. More members never get a smaller number.
    /// </summary>
    /// <param name="members">All members, each once, by id.</param>
    MembershipView ViewOf(IEnumerable<NodeId> members);
}
