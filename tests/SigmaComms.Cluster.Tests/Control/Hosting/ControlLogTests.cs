using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Membership;

namespace SigmaComms.Cluster.Tests.Control.Hosting;

public sealed class ControlLogTests
{
    [Fact]
    public void Four_nodes_order_commands_and_agree_on_the_state()
    {
        using var cluster = ControlCluster.Of(4);

        CommandAnswer[] answers = [.. cluster.Nodes.Select(node => cluster.Order(node, $"new-n{node.Number}:1"))];

        Assert.All(answers, answer => Assert.True(answer.IsExecuted, answer.Detail));
        Assert.All(answers, answer => Assert.True(
            MembershipReply.TryDecode(answer.Reply.Span, out MembershipReply reply)
            && reply.Status == MembershipStatus.Done));
        cluster.Until(cluster.Agree);
        ControlStatus status = cluster.StatusOf(cluster.Nodes[0]);
        Assert.True(status.IsVoting);
        Assert.Equal(4UL, status.Height.Value);
        Assert.True(status.SignedBy.Count >= 3);
    }

    [Fact]
    public void A_node_that_was_killed_comes_back_with_its_state_and_catches_up()
    {
        using var cluster = ControlCluster.Of(4);
        SimNode victim = cluster.Nodes[1];
        Assert.True(cluster.Order(victim, "before:1").IsExecuted);

        victim.Kill();
        Assert.True(cluster.Order(cluster.Nodes[0], "while-away:1").IsExecuted);
        cluster.Cluster.Await(victim.Start(cluster.Cluster.Log));

        cluster.Until(() => cluster.StatusOf(victim).State == ControlState.Running && cluster.Agree());
        CommandAnswer after = cluster.Order(victim, "after:1");
        Assert.Equal(CommandOutcome.Executed, after.Outcome);
        cluster.Until(cluster.Agree);
        Assert.True(cluster.StatusOf(victim).IsVoting);
    }
}
