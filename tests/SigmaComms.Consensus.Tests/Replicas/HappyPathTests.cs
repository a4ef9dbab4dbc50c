using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Tests.Replicas.Harness;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;

namespace SigmaComms.Consensus.Tests.Replicas;

public sealed class HappyPathTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(7)]
    public void A_command_is_final_everywhere_after_three_delays_and_then_all_is_idle(int count)
    {
        var cluster = new TestCluster(count);
        cluster.Start();

        cluster.Submit(cluster.LeaderOf(1), 1);
        bool isFinal = cluster.RunUntil(() => cluster.Nodes.All(node => node.Committed.Count == 1), Second);
        TimeSpan took = cluster.Now;
        cluster.RunFor(TimeSpan.FromMilliseconds(50));
        long sent = cluster.Sent;
        cluster.RunFor(TimeSpan.FromMinutes(10));

        Assert.True(isFinal);
        Assert.True(took <= TimeSpan.FromMilliseconds(20 + 15 + 3), $"{took}");
        Assert.Equal(sent, cluster.Sent);
        Assert.All(cluster.Nodes, node => Assert.Equal(0, node.Replica.WaitingGroups));
        cluster.CheckRules();
    }

    [Fact]
    public void An_idle_cluster_says_nothing()
    {
        var cluster = new TestCluster(4);
        cluster.Start();
        long sent = cluster.Sent;

        cluster.RunFor(TimeSpan.FromHours(1));

        Assert.Equal(sent, cluster.Sent);
        Assert.All(cluster.Nodes, node => Assert.Empty(node.Said));
    }

    [Fact]
    public void A_hundred_commands_are_final_in_one_order_whoever_takes_them()
    {
        var cluster = new TestCluster(4);
        cluster.Start();

        for (int i = 0; i < 100; i++)
        {
            cluster.Submit(cluster.Nodes[i % 4], i);
            cluster.RunFor(TimeSpan.FromMilliseconds(3));
        }

        bool isDone = cluster.RunUntil(() => cluster.Nodes.All(node => Commands(node) == 100), 5 * Second);

        Assert.True(isDone);
        Assert.Single(cluster.Nodes.Select(node => node.Replica.FinalDigest).Distinct());
        Assert.All(cluster.Nodes, node => Assert.DoesNotContain(node.Said, said => said.Kind == BallotKind.Nullify));
        cluster.CheckRules();
    }

    [Fact]
    public void A_silent_leader_is_skipped_and_the_next_one_carries_the_command()
    {
        var cluster = new TestCluster(4);
        cluster.Start();
        cluster.LeaderOf(1).Crash();

        cluster.Submit(cluster.LeaderOf(2), 1);
        bool isFinal = cluster.RunUntil(() => cluster.Nodes.Where(node => node.IsUp)
            .All(node => node.Committed.Count == 1), 3 * TestCluster.Delay);

        Assert.True(isFinal);
        Assert.Equal(2UL, cluster.LeaderOf(2).Committed[1].Block.Header.View.Value);
        cluster.CheckRules();
    }

    [Fact]
    public void A_leader_that_the_failure_detector_gave_up_is_skipped_without_waiting()
    {
        var cluster = new TestCluster(4);
        cluster.Start();
        TestNode gone = cluster.LeaderOf(1);
        gone.Crash();
        foreach (TestNode node in cluster.Nodes)
        {
            node.Give(new Input.PeerJudged(gone.Id, IsGone: true));
        }

        cluster.Submit(cluster.LeaderOf(2), 1);
        bool isFinal = cluster.RunUntil(() => cluster.LeaderOf(2).Committed.Count == 1, TestCluster.Delay);

        Assert.True(isFinal);
    }

    [Fact]
    public void Lost_finalizes_are_said_again_so_the_tail_commits_without_more_blocks()
    {
        var cluster = new TestCluster(4);
        cluster.Start();
        bool isLossy = true;
        cluster.Network = (_, _, message) =>
            isLossy && message is Message.VoteCast { Vote.Ballot.Finalizes: true }
                ? [] : [TimeSpan.FromMilliseconds(5)];

        cluster.Submit(cluster.LeaderOf(1), 1);
        cluster.RunFor(TimeSpan.FromMilliseconds(40));
        bool wasFinal = cluster.Nodes.Any(node => node.Committed.Count > 0);
        isLossy = false;
        bool isFinal = cluster.RunUntil(
            () => cluster.Nodes.All(node => node.Committed.Count > 0), 10 * TestCluster.Delay);

        Assert.False(wasFinal);
        Assert.True(isFinal);
        cluster.CheckRules();
    }

    [Fact]
    public void Under_load_the_finalize_of_a_view_and_the_notarize_of_the_next_share_one_signature()
    {
        var cluster = new TestCluster(4);
        cluster.Start();
        for (int i = 0; i < 300; i++)
        {
            cluster.Submit(cluster.Nodes[i % 4], i);
            cluster.RunFor(TimeSpan.FromMilliseconds(1));
        }

        cluster.RunFor(Second);

        Assert.All(cluster.Nodes, node => Assert.Equal(300, Commands(node)));
        Assert.Contains(cluster.Nodes, node => node.Said.Any(said => said.Kind == BallotKind.Bundle));
        cluster.CheckRules();
    }

    [Fact]
    public void A_late_proposal_is_not_voted_for_but_lets_the_block_be_finalized_once_it_is_notarized()
    {
        var cluster = new TestCluster(4);
        cluster.Start();
        TestNode late = cluster.LeaderOf(3);
        cluster.Network = (_, to, message) => [message is Message.Propose && to == late
            ? TimeSpan.FromMilliseconds(22) : TimeSpan.FromMilliseconds(5)];

        cluster.Submit(cluster.LeaderOf(1), 1);
        cluster.RunFor(TimeSpan.FromMilliseconds(60));

        Assert.Equal(1UL, late.Committed.Keys.Single());
        Assert.DoesNotContain(late.Said, said => said.Notarizes(out View view, out _) && view == new View(1));
        cluster.CheckRules();
    }

    [Fact]
    public void A_lost_proposal_is_pulled_before_its_view_is_given_up()
    {
        var cluster = new TestCluster(4);
        cluster.Start();
        HashSet<(int From, int To, View View)> lost = [];
        cluster.Network = (from, to, message) => message is Message.Propose propose
            && lost.Add((from.Number, to.Number, propose.Block.Header.View)) ? [] : [TimeSpan.FromMilliseconds(5)];

        cluster.Submit(cluster.LeaderOf(1), 1);
        bool isFinal = cluster.RunUntil(() => cluster.Nodes.All(node => node.Committed.Count > 0), Second);

        Assert.True(isFinal);
        Assert.True(lost.Count >= 3);
        Assert.Equal(1UL, cluster.Nodes[0].Committed[1].Block.Header.View.Value);
        Assert.All(cluster.Nodes, node => Assert.DoesNotContain(node.Said, said => said.Kind == BallotKind.Nullify));
        cluster.CheckRules();
    }

    [Fact]
    public void A_clock_ten_minutes_ahead_cannot_propose_and_the_others_go_on()
    {
        var cluster = new TestCluster(4);
        cluster.Start();
        cluster.LeaderOf(1).Skew = TimeSpan.FromMinutes(10);

        cluster.Submit(cluster.LeaderOf(2), 1);
        bool isFinal = cluster.RunUntil(() => cluster.Nodes.All(node => node.Committed.Count > 0), 5 * Second);

        Assert.True(isFinal);
        BlockHeader header = cluster.Nodes[0].Committed[1].Block.Header;
        Assert.Equal(2UL, header.View.Value);
        Assert.Empty(cluster.Nodes.SelectMany(node => node.Accusations));
        cluster.CheckRules();
    }

    [Fact]
    public void A_clock_ten_minutes_behind_still_proposes_after_its_parent()
    {
        var cluster = new TestCluster(4);
        cluster.Start();
        TestNode behind = cluster.LeaderOf(2);
        behind.Skew = TimeSpan.FromMinutes(-10);

        for (int i = 0; i < 10; i++)
        {
            cluster.Submit(cluster.LeaderOf(1), i);
            cluster.RunFor(Second);
        }

        Assert.Equal(10, Commands(cluster.LeaderOf(1)));
        Assert.Equal(10, Commands(behind));
        cluster.CheckRules();
    }

    [Fact]
    public void Clocks_that_are_all_set_back_an_hour_do_not_stop_the_log()
    {
        var cluster = new TestCluster(4);
        cluster.Start();
        cluster.Submit(cluster.LeaderOf(1), 1);
        cluster.RunFor(Second);
        foreach (TestNode node in cluster.Nodes)
        {
            node.Skew = TimeSpan.FromHours(-1);
        }

        cluster.Submit(cluster.LeaderOf(1), 2);
        cluster.RunFor(Second);

        Assert.All(cluster.Nodes, node => Assert.Equal(2, Commands(node)));
        cluster.CheckRules();
    }

    private static int Commands(TestNode node) =>
        node.Committed.Values.Sum(block => block.Block.Body.CommandCount);
}
