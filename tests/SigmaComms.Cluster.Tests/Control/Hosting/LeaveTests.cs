using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;

namespace SigmaComms.Cluster.Tests.Control.Hosting;

/// <summary>Who leaves hears of it, whatever cuts it off, and counts for nothing afterwards.</summary>
public sealed class LeaveTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void A_node_that_only_serves_says_that_it_follows_the_log_and_is_up()
    {
        using var cluster = ControlCluster.Of(4);

        SimNode learner = Join(cluster, NodeRoles.Storage);

        Assert.False(cluster.StatusOf(learner).IsVoting);
        Assert.Equal(1UL, cluster.StatusOf(cluster.Nodes[0]).Epoch.Value);
    }

    [Fact]
    public void A_node_that_leaves_hears_that_it_is_final_and_ends_and_the_others_miss_nobody()
    {
        using var cluster = ControlCluster.Of(4);
        SimNode leaver = Join(cluster, NodeRoles.Storage);

        MembershipStatus[] answers = [Leave(cluster, leaver), Leave(cluster, leaver)];
        ClusterException reason = cluster.Cluster.Await(leaver.Node.Failed);
        leaver.Kill();
        cluster.Until(() => cluster.Nodes.Where(node => node.IsAlive)
            .All(node => node.Node.Health() is { MembersUp: 4, Members: 4 }));

        Assert.Equal([MembershipStatus.Done, MembershipStatus.Done], answers);
        Assert.Equal(ClusterFailure.NotAdmitted, reason.Reason);
        Assert.Equal(EvictionReason.Left, ControlCluster.MemberOf(cluster.Nodes[0], leaver)!.Reason);
        Assert.DoesNotContain(cluster.Nodes[0].Node.Status().Members, member => member.Id == leaver.Id);
    }

    [Fact]
    public void A_validator_that_leaves_votes_until_its_epoch_has_ended_and_then_hears_that_it_is_gone()
    {
        using var cluster = ControlCluster.Of(5);
        SimNode leaver = cluster.Nodes[4];

        MembershipStatus drains = Leave(cluster, leaver);
        cluster.Until(() => cluster.StatusOf(cluster.Nodes[0]).Epoch.Value == 2 && cluster.Agree());
        bool isMemberStill = leaver.Node.Failed.IsCompleted is false;
        MembershipStatus gone = Leave(cluster, leaver);
        ClusterException reason = cluster.Cluster.Await(leaver.Node.Failed);
        leaver.Kill();

        Assert.Equal([MembershipStatus.Done, MembershipStatus.Done], [drains, gone]);
        Assert.True(isMemberStill);
        Assert.Equal(ClusterFailure.NotAdmitted, reason.Reason);
        Assert.True(cluster.Order(cluster.Nodes[0], "four:1").IsExecuted);
    }

    [Fact]
    public void A_node_that_was_cut_off_while_it_was_turned_out_learns_it_from_enough_validators()
    {
        using var cluster = ControlCluster.Of(4);
        SimNode evicted = Join(cluster, NodeRoles.Storage);
        Cut(cluster, evicted, from: 4);

        cluster.Govern(2, new MembershipChange.Evict(evicted.Id));
        cluster.Cluster.Advance(TimeSpan.FromSeconds(15));
        bool endedWhileCutOff = evicted.Node.Failed.IsCompleted;
        cluster.Cluster.Network.MendAll();
        ClusterException reason = cluster.Cluster.Await(evicted.Node.Failed);

        Assert.False(endedWhileCutOff);
        Assert.Equal(ClusterFailure.NotAdmitted, reason.Reason);
        Assert.Contains("evicted", reason.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_is_cut_off_from_all_but_one_validator_does_not_end_by_that_ones_word()
    {
        using var cluster = ControlCluster.Of(4);
        SimNode evicted = Join(cluster, NodeRoles.Storage);
        Cut(cluster, evicted, from: 4);
        cluster.Govern(2, new MembershipChange.Evict(evicted.Id));
        cluster.Cluster.Advance(TimeSpan.FromSeconds(15));

        cluster.Cluster.Network.Mend(evicted.Id, cluster.Nodes[0].Id);
        cluster.Cluster.Advance(TimeSpan.FromSeconds(30));
        bool endedByOne = evicted.Node.Failed.IsCompleted;
        cluster.Cluster.Network.Mend(evicted.Id, cluster.Nodes[1].Id);
        ClusterException reason = cluster.Cluster.Await(evicted.Node.Failed);

        Assert.False(endedByOne);
        Assert.Equal(ClusterFailure.NotAdmitted, reason.Reason);
    }

    private static SimNode Join(ControlCluster cluster, NodeRoles roles)
    {
        SimNode joiner = cluster.NewNode();
        cluster.Govern(1, new MembershipChange.Admit(
            ControlCluster.RequestOf(joiner, cluster.Genesis.Cluster, roles)));
        cluster.Cluster.Await(joiner.Start(cluster.Cluster.Log));
        cluster.Until(() => ControlCluster.MemberOf(cluster.Nodes[0], joiner)?.State == MemberState.Up
            && cluster.Cluster.AllUp());
        return joiner;
    }

    private static void Cut(ControlCluster cluster, SimNode node, int from)
    {
        foreach (SimNode other in cluster.Nodes.Take(from))
        {
            cluster.Cluster.Network.Cut(node.Id, other.Id);
        }
    }

    private static MembershipStatus Leave(ControlCluster cluster, SimNode node)
    {
        CommandAnswer answer = cluster.Cluster.Run(() => node.Node.Control!.SubmitAsync(
            MachineIds.Membership, new MembershipCommand.Leave().Encode(), Patience, CancellationToken.None));
        Assert.True(answer.IsExecuted, $"{answer.Verdict} {answer.Detail}");
        Assert.True(MembershipReply.TryDecode(answer.Reply.Span, out MembershipReply reply));
        return reply.Status;
    }
}
