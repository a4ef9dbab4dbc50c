using SigmaComms.Consensus.Membership;
using SigmaComms.Cryptography;

namespace SigmaComms.Node.Commands;

/// <summary>sigma control propose-evict, and sigma node evict.</summary>
/// <param name="name">What is typed.</param>
/// <param name="example">A whole command line.</param>
internal sealed class ControlProposeEvictCommand(string name, string example) : ProposalVerb(
    name, "Turns a node out of the cluster, once a quorum of validators supports it.", example)
{
    /// <inheritdoc/>
    protected override (MembershipChange Change, string What) ChangeOf(CommandContext context, NodeId changed) =>
        (new MembershipChange.Evict(changed), "is evicted");
}
