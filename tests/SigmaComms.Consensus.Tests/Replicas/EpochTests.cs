using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Tests.Replicas.Harness;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;

namespace SigmaComms.Consensus.Tests.Replicas;

public sealed class EpochTests
{
    private static readonly TimeSpan Limit = TestCluster.Delay * 80;

    [Fact]
    public void A_learner_joins_and_a_member_leaves_at_the_end_of_the_epoch()
    {
        var cluster = new TestCluster(4, learners: 1);
        cluster.Start();
        cluster.Submit(cluster.Nodes[0], 1);
        cluster.RunFor(TestCluster.Delay);

        cluster.Submit(cluster.Nodes[0], 2, TestMachine.Reconfigure, 1, 1, 2, 1, 3, 1, 4, 1);
        bool isNext = cluster.RunUntil(() => cluster.Nodes.All(node => node.Replica.Epoch == new Epoch(2)), Limit);
        cluster.Submit(cluster.Nodes[4], 3);
        bool isFinal = cluster.RunUntil(() => cluster.Nodes.Skip(1).All(node => Commands(node) == 3), Limit);
        cluster.RunFor(TestCluster.Delay * 30);

        Assert.True(isNext);
        Assert.True(isFinal);
        Assert.False(cluster.Nodes[0].Replica.IsVoting);
        Assert.True(cluster.Nodes[4].Replica.IsVoting);
        Assert.Equal(3, Commands(cluster.Nodes[0]));
        BlockHeader end = cluster.Nodes[1].Committed.Values.Single(block => block.Block.Header.IsEpochEnd).Block.Header;
        CommittedBlock first = cluster.Nodes[1].Committed[end.Height.Value + 1];
        Assert.Equal((new Epoch(2), end.ComputeDigest(), new View(0)),
            (first.Block.Header.Epoch, first.Block.Header.Parent, first.Block.Header.ParentView));
        cluster.CheckRules();
    }

    // A member that leaves at once may be the last one who has the end's certificate.
    [Fact]
    public void Early_resignation_at_reconfiguration_the_old_members_serve_the_end_of_the_epoch_to_who_missed_it()
    {
        var cluster = new TestCluster(4, learners: 3);
        cluster.Start();
        TestNode late = cluster.Nodes[3];
        bool isCut = true;
        cluster.Network = (from, to, _) =>
            isCut && (from == late || to == late) ? [] : [TimeSpan.FromMilliseconds(5)];

        // Only the late one goes on; of the others each is replaced.
        cluster.Submit(cluster.Nodes[0], 1, TestMachine.Reconfigure, 3, 1, 4, 1, 5, 1, 6, 1);
        bool isNext = cluster.RunUntil(
            () => cluster.Nodes.Take(3).All(node => node.Replica.Epoch == new Epoch(2)), Limit);
        Epoch epochOfLate = late.Replica.Epoch;
        isCut = false;
        late.Give(new Input.PeerConnected(cluster.Nodes[0].Id));
        bool isReached = cluster.RunUntil(() => late.Replica.Epoch == new Epoch(2), Limit);
        cluster.Submit(late, 2);
        bool isFinal = cluster.RunUntil(() => cluster.Nodes.Skip(3).All(node => Commands(node) == 2), Limit);

        Assert.True(isNext);
        Assert.Equal(new Epoch(1), epochOfLate);
        Assert.True(isReached);
        Assert.True(isFinal);
        cluster.CheckRules();
    }

    [Fact]
    public void After_the_end_of_an_epoch_is_proposed_no_command_enters_it_any_more()
    {
        var cluster = new TestCluster(4);
        cluster.Start();
        bool isHolding = true;
        cluster.Network = (_, _, message) =>
            isHolding && message is Message.VoteCast { Vote.Ballot.Finalizes: true }
                ? [] : [TimeSpan.FromMilliseconds(5)];
        cluster.Submit(cluster.Nodes[0], 1, TestMachine.Reconfigure, 0, 1, 1, 1, 2, 1, 3, 1);
        for (int i = 2; i < 30; i++)
        {
            cluster.Submit(cluster.Nodes[i % 4], i);
            cluster.RunFor(TimeSpan.FromMilliseconds(11));
        }

        isHolding = false;
        bool isFinal = cluster.RunUntil(() => cluster.Nodes.All(node => Commands(node) == 29), Limit);

        Assert.True(isFinal);
        BlockHeader end = cluster.Nodes[0].Committed.Values.Single(block => block.Block.Header.IsEpochEnd).Block.Header;
        Assert.All(cluster.Nodes[0].Committed.Values.Where(block => block.Block.Header.Height > end.Height),
            block => Assert.Equal(new Epoch(2), block.Block.Header.Epoch));
        Assert.True(cluster.Nodes[0].Committed[end.Height.Value].Block.IsEmpty);
        BlockHeader[] closing = [.. cluster.Nodes[0].Wal.OfType<WalRecord.BlockHeld>()
            .Select(held => held.Block.Header).Where(header => header.IsClosing)];
        Assert.NotEmpty(closing);
        Assert.All(closing, header => Assert.True(header.Height > end.Height && header.Epoch == new Epoch(1)));
        Assert.DoesNotContain(cluster.Nodes[0].Committed.Values, block => block.Block.Header.IsClosing);
        cluster.CheckRules();
    }

    [Fact]
    public void A_member_that_slept_through_two_epochs_catches_up_block_by_block()
    {
        var cluster = new TestCluster(4);
        cluster.Start();
        TestNode asleep = cluster.Nodes[3];
        asleep.Crash();
        for (byte i = 1; i <= 2; i++)
        {
            cluster.Submit(cluster.Nodes[0], 10 + i, TestMachine.Reconfigure, 0, 1, 1, 1, 2, 1, 3, 1);
            Assert.True(cluster.RunUntil(
                () => cluster.Nodes.Take(3).All(node => node.Replica.Epoch == new Epoch(1UL + i)), Limit));
            cluster.Submit(cluster.Nodes[1], i);
            cluster.RunFor(TestCluster.Delay * 10);
        }

        asleep.Restart();
        bool isThere = cluster.RunUntil(
            () => asleep.Replica.FinalDigest == cluster.Nodes[0].Replica.FinalDigest, Limit);

        Assert.True(isThere);
        Assert.Equal(new Epoch(3), asleep.Replica.Epoch);
        cluster.CheckRules();
    }

    [Fact]
    public void A_snapshot_of_another_epoch_is_gone_on_from()
    {
        var cluster = new TestCluster(4);
        cluster.Start();
        TestNode behind = cluster.Nodes[3];
        behind.Crash();
        cluster.Submit(cluster.Nodes[0], 1, TestMachine.Reconfigure, 0, 1, 1, 1, 2, 1, 3, 1);
        cluster.Submit(cluster.Nodes[0], 2);
        Assert.True(cluster.RunUntil(() => Commands(cluster.Nodes[0]) == 2, Limit));
        cluster.RunFor(TestCluster.Delay * 10);
        Foundation snapshot = cluster.Nodes[0].Committed.Values.Last().ToFoundation();
        cluster.Network = (_, _, _) => [];
        behind.Restart();

        behind.Give(new Input.SnapshotVerified(snapshot));
        cluster.Network = (_, _, _) => [TimeSpan.FromMilliseconds(5)];
        Height height = behind.Replica.FinalHeight;
        cluster.Submit(behind, 3);
        bool isFinal = cluster.RunUntil(() => Commands(cluster.Nodes[0]) == 3
            && behind.Replica.FinalDigest == cluster.Nodes[0].Replica.FinalDigest, Limit);

        Assert.Equal(snapshot.Header.Height, height);
        Assert.True(isFinal);
        cluster.CheckRules();
    }

    [Fact]
    public void A_snapshot_of_the_same_epoch_keeps_what_was_said_after_it()
    {
        var solo = new Solo(0);
        Block first = solo.Build([], 1, 1);
        Block second = solo.Build([first], 2, 2);
        Block other = solo.Build([first], 2, 3);
        solo.Propose(first);
        solo.VoteAll(Solo.Notarize(first));
        solo.Propose(second);
        Foundation snapshot = solo.FoundationAfter(first);

        solo.Give(new Input.SnapshotVerified(snapshot));
        solo.Propose(other);
        solo.VoteAll(Solo.Notarize(second));
        solo.VoteAll(Solo.Finalize(second));

        Assert.Equal([second.Digest], solo.Said
            .Where(said => said.Kind == BallotKind.Notarize && said.View == new View(2)).Select(said => said.Block));
        Assert.Equal(new Height(2), solo.Replica.FinalHeight);
        Assert.Equal([second.Digest], solo.Committed.Select(block => block.Digest));
    }

    private static int Commands(TestNode node) =>
        node.Committed.Values.Sum(block => block.Block.Body.CommandCount);
}
