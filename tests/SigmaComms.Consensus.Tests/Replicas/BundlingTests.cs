using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Tests.Replicas.Harness;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;

namespace SigmaComms.Consensus.Tests.Replicas;

/// <summary>Under load a finalize waits for the next proposal: when, for how long, and for whom no more.</summary>
public sealed class BundlingTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Under_load_a_finalize_waits_for_the_next_proposal_and_shares_its_signature()
    {
        (Solo solo, Block parent) = Notarized(waiting: 2);
        Assert.False(solo.HasSaid(BallotKind.Finalize, 1));

        Block child = solo.Build([parent], 2, 2);
        solo.Propose(child);

        Assert.Equal(new View(2), solo.Replica.View);
        Assert.Single(
            solo.Effects.OfType<Effect.SignAndBroadcast>(),
            effect => effect.Ballot == Ballot.Bundle(new Epoch(1), new View(1), parent.Digest, child.Digest));
        Assert.Equal(new View(1), solo.Replica.FinalizeCast);
    }

    [Fact]
    public void A_finalize_that_waited_half_of_the_delay_is_said_alone()
    {
        (Solo solo, Block parent) = Notarized(waiting: 2);

        Effect.SetTimer timer = solo.Effects.OfType<Effect.SetTimer>()
            .Single(effect => effect.Kind == TimerKind.Bundle);
        solo.Fire(TimerKind.Bundle);
        bool isSaid = solo.Said.Contains(Solo.Finalize(parent));
        Block child = solo.Build([parent], 2, 2);
        solo.Propose(child);

        Assert.Equal(TestCluster.Delay / 2, timer.After);
        Assert.True(isSaid);
        Assert.Contains(Solo.Notarize(child), solo.Said);
        Assert.DoesNotContain(
            solo.Effects.OfType<Effect.SignAndBroadcast>(), effect => effect.Ballot.Kind == BallotKind.Bundle);
    }

    [Fact]
    public void Without_a_command_that_waits_for_a_block_a_finalize_is_said_at_once()
    {
        (Solo solo, Block parent) = Notarized(waiting: 1);

        Assert.Contains(Solo.Finalize(parent), solo.Said);
        Assert.False(solo.IsRunning(TimerKind.Bundle));
    }

    [Fact]
    public void For_a_leader_that_is_known_to_be_gone_no_finalize_waits()
    {
        (Solo solo, Block parent) = Notarized(waiting: 2);
        (Solo other, Block same) = Notarized(waiting: 2, isLeaderGone: true);

        solo.Give(new Input.PeerJudged(Solo.Set[2].Node, IsGone: true));

        Assert.Contains(Solo.Finalize(parent), solo.Said);
        Assert.Contains(Solo.Finalize(same), other.Said);
        Assert.False(other.IsRunning(TimerKind.Bundle));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1, 3)]
    [InlineData(1, 2, 3)]
    public void When_the_next_view_is_given_up_the_finalize_waits_no_longer(params int[] voters)
    {
        (Solo solo, Block parent) = Notarized(waiting: 2);

        foreach (int voter in voters)
        {
            solo.Vote(voter, Solo.Nullify(2));
        }

        Assert.Contains(Solo.Finalize(parent), solo.Said);
        Assert.True(solo.HasSaid(BallotKind.Nullify, 2));
        Assert.True(
            solo.Said.IndexOf(Solo.Finalize(parent)) >= 0 && !solo.HasSaid(BallotKind.Nullify, 1),
            "the view that is finalized is not given up");
    }

    [Fact]
    public void A_finalize_that_waited_when_the_power_went_is_said_after_the_restart()
    {
        (Solo solo, Block parent) = Notarized(waiting: 2);

        solo.Restart();

        Assert.Contains(Solo.Finalize(parent), solo.Said);
        Assert.Equal(new View(2), solo.Replica.View);
    }

    [Fact]
    public void A_leader_that_was_waited_for_in_vain_is_not_waited_for_in_its_next_turn()
    {
        (Solo solo, Block first) = Notarized(waiting: 9);
        solo.Fire(TimerKind.Bundle);
        List<Block> chain = [first];

        for (ulong view = 2; view <= 5; view++)
        {
            Block block = view == 4
                ? solo.Effects.OfType<Effect.SignAndPropose>().Single().Block
                : solo.Build(chain, view, view == 5 ? 10 : (int)view);
            if (view != 4)
            {
                solo.Propose(block);
            }
            else
            {
                // Its own block has all that waits: more comes.
                solo.Give(new Input.GroupVerified(TestKeys.Group(10)));
                solo.Give(new Input.GroupVerified(TestKeys.Group(11)));
            }

            solo.Vote(1, Solo.Notarize(block));
            solo.Vote(2, Solo.Notarize(block));
            chain.Add(block);
        }

        // Views 2 and 6 are of the same leader; the finalizes of views 2 to 4 waited for others, and were bundled.
        Ballot[] alone = [.. solo.Effects.OfType<Effect.SignAndBroadcast>()
            .Select(effect => effect.Ballot).Where(ballot => ballot.Kind == BallotKind.Finalize)];
        Assert.Equal(new View(6), solo.Replica.View);
        Assert.Equal([Solo.Finalize(chain[0]), Solo.Finalize(chain[4])], alone);
    }

    [Fact]
    public void Under_load_there_is_one_vote_of_each_replica_for_a_block()
    {
        var cluster = new TestCluster(4, bundleFrom: 4);
        cluster.Start();

        for (int i = 0; i < 300; i++)
        {
            cluster.Submit(cluster.Nodes[i % 4], i);
            cluster.RunFor(TimeSpan.FromMilliseconds(1));
        }

        cluster.RunFor(Second);

        Assert.All(cluster.Nodes, node =>
        {
            int votes = node.Said.Count(said => said.Kind != BallotKind.Propose);
            Assert.Equal(300, node.Committed.Values.Sum(block => block.Block.Body.CommandCount));
            Assert.DoesNotContain(node.Said, said => said.Kind == BallotKind.Nullify);
            Assert.True(votes <= (node.Committed.Count * 5 / 4) + 2, $"{votes} for {node.Committed.Count} blocks");
        });
        cluster.CheckRules();
    }

    [Fact]
    public void A_silent_next_leader_delays_what_is_final_by_half_of_the_delay_and_the_views_not_at_all()
    {
        (TimeSpan first, TimeSpan second) = FinalWithoutSecondLeader(bundleFrom: 4);
        (TimeSpan firstAlone, TimeSpan secondAlone) = FinalWithoutSecondLeader(bundleFrom: 5);

        Assert.InRange(first - firstAlone, TestCluster.Delay / 4, TestCluster.Delay / 2);
        Assert.Equal(secondAlone, second);
    }

    // When the commands in the blocks of views 1 and 3 are final, while the leader of view 2 is down.
    private static (TimeSpan First, TimeSpan Second) FinalWithoutSecondLeader(int bundleFrom)
    {
        var cluster = new TestCluster(4, bundleFrom: bundleFrom);
        cluster.Start();
        cluster.LeaderOf(2).Crash();
        TimeSpan start = cluster.Now;
        cluster.Submit(cluster.LeaderOf(1), 1);
        cluster.Submit(cluster.LeaderOf(3), 2);
        TestNode node = cluster.LeaderOf(1);
        Assert.True(cluster.RunUntil(() => node.Committed.Count == 1, Second));
        TimeSpan first = cluster.Now - start;
        Assert.True(cluster.RunUntil(() => node.Committed.Count == 2, Second));
        cluster.CheckRules();
        return (first, cluster.Now - start);
    }

    // Place 0 of four, in view 2 by the notarization of the first block; commands wait, of which the block has one.
    private static (Solo Solo, Block Parent) Notarized(int waiting, bool isLeaderGone = false)
    {
        var solo = new Solo(0, bundleFrom: 4);
        if (isLeaderGone)
        {
            solo.Give(new Input.PeerJudged(Solo.Set[2].Node, IsGone: true));
        }

        for (int command = 1; command <= waiting; command++)
        {
            solo.Give(new Input.GroupVerified(TestKeys.Group(command)));
        }

        Block parent = solo.Build([], 1, 1);
        solo.Propose(parent);
        solo.Vote(1, Solo.Notarize(parent));
        solo.Vote(2, Solo.Notarize(parent));
        return (solo, parent);
    }
}
