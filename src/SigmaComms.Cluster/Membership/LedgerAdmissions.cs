using SigmaComms.Cluster.Control;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Membership;

/// <summary>
/// A node may take part if the control log says so after its last final block here. What the node shows only says who
/// it is: the operator or the node itself signed it.
/// </summary>
/// <param name="documents">Verifies what a node shows.</param>
/// <param name="read">The state after the last final block.</param>
/// <param name="isCurrent">Whether this node's replica runs, so that the state is not an old one.</param>
internal sealed class LedgerAdmissions(
    IAdmissionAuthority documents, Func<ControlReading> read, Func<bool> isCurrent) : IAdmissionAuthority
{
    /// <inheritdoc/>
    public AdmissionDecision Judge(ReadOnlyMemory<byte> admission, NodeId node, DateTimeOffset now)
    {
        AdmissionDecision shown = documents.Judge(admission, node, now);
        if (shown.Refusal is not null)
        {
            return shown;
        }

        ControlReading reading = read();
        Consensus.Membership.Member? member = MemberOf(reading, node);
        if (member is null && (reading.Lag > 0 || !isCurrent()))
        {
            return AdmissionDecision.Refuse(
                RefusalReason.Unavailable, $"this node does not know yet whether {node.Short} belongs to the cluster");
        }

        if (member is null)
        {
            return AdmissionDecision.Refuse(
                RefusalReason.NotAdmitted,
                $"the control log has not admitted node {node.Short}; have its validators admit it");
        }

        return IsOut(reading, member)
            ? AdmissionDecision.Refuse(
                RefusalReason.NotAdmitted,
                $"node {node.Short} belongs to the cluster no more since block {member.ChangedAt}: {WordOf(member)}")
            : shown;
    }

    /// <inheritdoc/>
    public bool IsTurnedOut(NodeId node)
    {
        ControlReading reading = read();
        return MemberOf(reading, node) is { } member && IsOut(reading, member);
    }

    /// <inheritdoc/>
    public bool IsHonestAmong(IReadOnlyCollection<NodeId> nodes)
    {
        Consensus.ValidatorSet validators = read().Ledger.Validators;
        return nodes.Count(node => validators.TryIndexOf(node, out _)) > validators.FaultsMax;
    }

    /// <inheritdoc/>
    public MembershipView ViewOf(IEnumerable<NodeId> members) => documents.ViewOf(members);

    private static Consensus.Membership.Member? MemberOf(ControlReading reading, NodeId node) =>
        (reading.Ledger.StateOf(MachineIds.Membership) as MembershipState)?.Find(node);

    // A validator that was evicted is needed until the epoch ends, which its eviction asks for.
    private static bool IsOut(ControlReading reading, Consensus.Membership.Member member) =>
        member.State == Consensus.Membership.MemberState.Evicted
        && !reading.Ledger.Validators.TryIndexOf(member.Node, out _);

    private static string WordOf(Consensus.Membership.Member member) => member.Reason switch
    {
        EvictionReason.Left => "it left",
        EvictionReason.Convicted => "it was convicted of signing contradictions",
        _ => "it was evicted",
    };
}
