using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Tests.Replicas.Harness;
using SigmaComms.Consensus.Votes;

namespace SigmaComms.Consensus.Tests.Replicas;

public sealed class RecoveryTests
{
    private static readonly TimeSpan Limit = TestCluster.Delay * 60;

    [Theory]
    [InlineData(1UL, true)]
    [InlineData(2UL, false)]
    public void A_crash_at_any_effect_loses_nothing_that_was_said_and_the_replica_comes_back(ulong leaderOf, bool loses)
    {
        for (long effect = 1; effect <= 48; effect++)
        {
            var cluster = new TestCluster(4);
            TestNode victim = cluster.LeaderOf(leaderOf);
            victim.CrashAtEffect = effect;
            victim.DoesLoseUnflushed = loses;
            cluster.Start();
            for (int i = 0; i < 6; i++)
            {
                cluster.Submit(cluster.Nodes.First(node => node.IsUp && node != victim), i);
                cluster.RunFor(TimeSpan.FromMilliseconds(4));
            }

            cluster.RunFor(TestCluster.Delay);
            Assert.True(!victim.IsUp || victim.EffectCount < effect);
            victim.CrashAtEffect = null;
            if (!victim.IsUp)
            {
                victim.Restart();
            }

            cluster.Submit(cluster.Nodes[0], 100);
            bool isFinal = cluster.RunUntil(() => cluster.Nodes.All(node => Commands(node) == 7), Limit);

            Assert.True(isFinal, $"crash at effect {effect}");
            cluster.CheckRules();
        }
    }

    [Fact]
    public void A_replica_that_restarts_from_a_snapshot_and_what_its_log_keeps_goes_on()
    {
        var cluster = new TestCluster(4);
        cluster.Start();
        for (int i = 0; i < 20; i++)
        {
            cluster.Submit(cluster.Nodes[i % 4], i);
            cluster.RunFor(TimeSpan.FromMilliseconds(7));
            cluster.Nodes[(i + 1) % 4].RestartFromSnapshot();
        }

        bool isFinal = cluster.RunUntil(
            () => cluster.Nodes.Select(node => Commands(node)).Distinct().Count() == 1
                && cluster.Nodes.All(node => node.Replica.WaitingGroups == 0), Limit);

        Assert.True(isFinal);
        cluster.CheckRules();
    }

    [Fact]
    public void A_replica_that_lost_its_disk_follows_without_a_vote_until_an_epoch_has_its_new_incarnation()
    {
        var cluster = new TestCluster(4);
        cluster.Start();
        TestNode lost = cluster.Nodes[3];
        cluster.Submit(cluster.Nodes[0], 1);
        cluster.RunFor(TestCluster.Delay);
        lost.Crash();
        lost.LoseDisk();
        lost.Options = lost.Options with { Incarnation = 2 };
        int said = lost.Said.Count;

        lost.Restart();
        cluster.Submit(cluster.Nodes[0], 2);
        bool hasFollowed = cluster.RunUntil(() => Commands(lost) == 2, Limit);
        int saidMeanwhile = lost.Said.Count - said;
        bool votesBefore = lost.Replica.IsVoting;
        cluster.Submit(cluster.Nodes[0], 3, TestMachine.Reconfigure, 0, 1, 1, 1, 2, 1, 3, 2);
        bool isNext = cluster.RunUntil(
            () => cluster.Nodes.All(node => node.Replica.Epoch == new Epoch(2)), Limit);
        cluster.Submit(cluster.Nodes[0], 4);
        bool isFinal = cluster.RunUntil(() => cluster.Nodes.All(node => Commands(node) == 4), Limit);
        cluster.RunFor(Limit);

        Assert.True(hasFollowed);
        Assert.Equal(0, saidMeanwhile);
        Assert.False(votesBefore);
        Assert.True(isNext);
        Assert.True(isFinal);
        Assert.True(lost.Replica.IsVoting);
        Assert.Contains(lost.Said.Skip(said), ballot => ballot.Epoch == new Epoch(2));
    }

    [Fact]
    public void Records_that_contradict_each_other_stop_the_replica_instead_of_being_believed()
    {
        var cluster = new TestCluster(4);
        WalRecord[] records =
        [
            new WalRecord.OwnBallot(Ballot.Finalize(new Epoch(1), new View(1), default)),
            new WalRecord.OwnBallot(Ballot.Nullify(new Epoch(1), new View(1))),
        ];
        WalRecord[] early = [new WalRecord.OwnBallot(Ballot.Nullify(new Epoch(1), new View(3)))];

        Assert.Throws<InvalidOperationException>(
            () => Replica.Recover(cluster.Nodes[0].Options, cluster.Genesis, records));
        Assert.Throws<InvalidOperationException>(
            () => Replica.Recover(cluster.Nodes[0].Options, cluster.Genesis, early));
    }

    private static int Commands(TestNode node) =>
        node.Committed.Values.Sum(block => block.Block.Body.CommandCount);
}
