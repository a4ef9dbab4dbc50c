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
    /// Whether one at least of these nodes is honest, as far as the cluster bears liars: then what all of them say is
    /// so. Never where nobody but the operator decides.
    /// </summary>
    /// <param name="nodes">The nodes.</param>
    bool IsHonestAmong(IReadOnlyCollection<NodeId> nodes);

    /// <summary>
    /// Numbers the state of membership in which these nodes are the members. More members never get a smaller number.
    /// </summary>
    /// <param name="members">All members, each once, by id.</param>
    MembershipView ViewOf(IEnumerable<NodeId> members);
}
