using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Membership;

/// <summary>A node may take part if the cluster's operator signed its admission and it has not ended.</summary>
public sealed class OperatorSignedAdmissions : IAdmissionAuthority
{
    private readonly ClusterId _cluster;
    private readonly ReadOnlyMemory<byte> _operatorPublicKey;
    private readonly bool _takesOwnWord;

    /// <summary>Trusts one operator for one cluster.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="operatorPublicKey">The operator's ML-DSA-65 public key.</param>
    /// <param name="takesOwnWord">
    /// Whether the node's own signature serves as well: only where something else decides whether it may take part.
    /// </param>
    public OperatorSignedAdmissions(
        ClusterId cluster, ReadOnlyMemory<byte> operatorPublicKey, bool takesOwnWord = false)
    {
        _cluster = cluster;
        _operatorPublicKey = operatorPublicKey;
        _takesOwnWord = takesOwnWord;
    }

    /// <summary>
    /// The number is that of the members, who only become more while a node runs; the digest tells sets of one size
    /// apart.
    /// </summary>
    /// <param name="members">All members, each once, by id.</param>
    public MembershipView ViewOf(IEnumerable<NodeId> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> id = stackalloc byte[Digest.SizeBytes];
        ulong count = 0;
        foreach (NodeId member in members)
        {
            member.Value.CopyTo(id);
            hash.AppendData(id);
            count++;
        }

        return new MembershipView(count, new Digest16(hash.GetHashAndReset().AsSpan(0, Digest16.SizeBytes)));
    }

    /// <inheritdoc/>
    public AdmissionDecision Judge(ReadOnlyMemory<byte> admission, NodeId node, DateTimeOffset now)
    {
        if (!NodeAdmission.TryDecode(admission, out NodeAdmission? decoded))
        {
            return AdmissionDecision.Refuse(
                RefusalReason.NotAdmitted, "no admission was shown; have the operator sign one for this node");
        }

        if (decoded!.Node != node)
        {
            return AdmissionDecision.Refuse(
                RefusalReason.NotAdmitted,
                $"the admission is for node {decoded.Node.Short}, not for {node.Short}; use the admission of this key");
        }

        AdmissionVerdict verdict = decoded.Verify(_operatorPublicKey.Span, _cluster, now);
        if (verdict == AdmissionVerdict.BadSignature && _takesOwnWord)
        {
            verdict = decoded.Verify(decoded.PublicKey.Span, _cluster, now);
        }

        return verdict switch
        {
            AdmissionVerdict.Valid => AdmissionDecision.Accept(decoded),
            AdmissionVerdict.WrongCluster => AdmissionDecision.Refuse(
                RefusalReason.WrongCluster,
                $"the admission is for cluster {decoded.Cluster}, this is cluster {_cluster}"),
            AdmissionVerdict.Expired => AdmissionDecision.Refuse(
                RefusalReason.AdmissionExpired,
                $"the admission of node {node.Short} ended at {decoded.NotAfter:u}; have the operator sign a new one"),
            _ => AdmissionDecision.Refuse(
                RefusalReason.NotAdmitted,
                $"the admission of node {node.Short} was not signed by the operator of cluster {_cluster}"),
        };
    }

    /// <inheritdoc/>
    public bool IsTurnedOut(NodeId node) => false;

    /// <inheritdoc/>
    public bool IsHonestAmong(IReadOnlyCollection<NodeId> nodes) => false;
}
