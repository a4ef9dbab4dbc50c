using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Control.WriteAhead;
using SigmaComms.Cluster.Health;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Tests.Control.Hosting;

/// <summary>Disks that fill up, rot and vanish, and processes that die.</summary>
public sealed class FaultTests
{
    [Fact]
    public void A_replica_whose_disk_is_full_stops_voting_and_is_back_by_itself_when_there_is_room()
    {
        using var cluster = ControlCluster.Of(4);
        SimNode full = cluster.Nodes[1];
        full.ControlDisk!.Plan = (operation, _) => operation is DiskOperation.Write or DiskOperation.Create
            ? DiskFault.NoSpace
            : DiskFault.None;

        CommandAnswer meanwhile = cluster.Order(cluster.Nodes[0], "meanwhile:1");
        cluster.Until(() => cluster.StatusOf(full).State == ControlState.DiskFailing);
        bool wasVoting = cluster.StatusOf(full).IsVoting;
        bool isServing = full.Node.Health().IsReady;
        full.ControlDisk.Plan = null;
        cluster.Until(() => cluster.StatusOf(full).State == ControlState.Running && cluster.Agree());

        Assert.True(meanwhile.IsExecuted);
        Assert.False(wasVoting);
        Assert.True(isServing);
        Assert.True(cluster.StatusOf(full).IsVoting);
        Assert.True(cluster.Order(full, "after:1").IsExecuted);
    }

    [Fact]
    public void A_replica_that_lost_its_disk_does_not_vote_before_an_epoch_has_its_new_incarnation()
    {
        using var cluster = ControlCluster.Of(4);
        SimNode lost = cluster.Nodes[2];
        cluster.Order(lost, "before:1");
        lost.Kill();
        lost.ControlDisk = new FaultyDisk(77);
        cluster.Cluster.Await(lost.Start(cluster.Cluster.Log));
        cluster.Until(() => cluster.StatusOf(lost).State == ControlState.Running);

        ControlStatus atFirst = cluster.StatusOf(lost);
        cluster.Until(() => cluster.StatusOf(lost).IsVoting);

        Assert.False(atFirst.IsVoting);
        Assert.NotEmpty(atFirst.NotVotingBecause);
        ControlStatus status = cluster.StatusOf(lost);
        Assert.Equal(2UL, status.Epoch.Value);
        Assert.Equal(2U, status.Incarnation);
        cluster.Nodes[0].Kill();
        Assert.True(cluster.Order(lost, "a-quorum-needs-it:1").IsExecuted);
    }

    [Fact]
    public void A_replica_whose_log_is_damaged_renounces_its_vote_heals_from_its_peers_and_votes_anew()
    {
        using var cluster = ControlCluster.Of(4);
        SimNode rotten = cluster.Nodes[3];
        for (int i = 0; i < 5; i++)
        {
            cluster.Order(rotten, $"before-{i}:1");
        }

        rotten.Kill();
        string log = rotten.ControlDisk!.ListNames().First(
            name => name.StartsWith("wal-", StringComparison.Ordinal) && name != "wal.lock");
        rotten.ControlDisk.Rot(log, 8_192 + 100);
        cluster.Cluster.Await(rotten.Start(cluster.Cluster.Log));
        cluster.Until(() => cluster.StatusOf(rotten).State == ControlState.Running);

        bool votedAtFirst = cluster.StatusOf(rotten).IsVoting;
        cluster.Until(() => cluster.StatusOf(rotten).IsVoting && cluster.Agree());

        Assert.False(votedAtFirst);
        Assert.Equal(2U, cluster.StatusOf(rotten).Incarnation);
        Assert.True(cluster.Order(rotten, "after:1").IsExecuted);
    }

    [Fact]
    public void A_replica_whose_snapshots_rot_and_whose_log_begins_after_them_starts_over_instead_of_halting()
    {
        using var cluster = ControlCluster.Of(4, change: options => options.BlocksPerSnapshot = 16);
        SimNode rotten = cluster.Nodes[3];
        FaultyDisk disk = rotten.ControlDisk!;
        for (int i = 0; i < 200 && disk.ListNames().Contains("wal-0000000000000001.log"); i++)
        {
            cluster.Order(cluster.Nodes[i % 3], $"before-{i}:1");
        }

        rotten.Kill();
        string[] snapshots = [.. disk.ListNames().Where(name => name.EndsWith(".snap", StringComparison.Ordinal))];
        Array.ForEach(snapshots, name => disk.Rot(name, 60));
        cluster.Cluster.Await(rotten.Start(cluster.Cluster.Log));
        cluster.Until(() => cluster.StatusOf(rotten).State is ControlState.Running or ControlState.Halted);
        ControlStatus atFirst = cluster.StatusOf(rotten);
        cluster.Until(() => cluster.StatusOf(rotten).IsVoting && cluster.Agree());

        Assert.Equal(2, snapshots.Length);
        Assert.Equal(ControlState.Running, atFirst.State);
        Assert.False(atFirst.IsVoting);
        Assert.Equal(2U, cluster.StatusOf(rotten).Incarnation);
    }

    [Fact]
    public void A_torn_tail_is_cut_and_the_replica_goes_on_voting()
    {
        using var cluster = ControlCluster.Of(4);
        SimNode torn = cluster.Nodes[0];
        cluster.Order(torn, "before:1");
        torn.Kill();
        torn.ControlDisk!.Cut();

        cluster.Cluster.Await(torn.Start(cluster.Cluster.Log));

        cluster.Until(() => cluster.StatusOf(torn).State == ControlState.Running && cluster.Agree());
        Assert.True(cluster.StatusOf(torn).IsVoting);
        Assert.True(cluster.Order(torn, "after:1").IsExecuted);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_node_is_killed_whenever_all_come_back_and_agree_and_no_answer_is_lost(int seed)
    {
        using var cluster = ControlCluster.Of(4, change: options => options.BlocksPerSnapshot = 16);
        Random random = new(seed);
        List<CommandAnswer> answers = [];
        for (int round = 0; round < 12; round++)
        {
            SimNode asked = cluster.Nodes[random.Next(4)];
            SimNode victim = cluster.Nodes[random.Next(4)];
            Task<CommandAnswer> order = cluster.Submit(asked, $"seed-{seed}-{round}:1");
            cluster.Cluster.Advance(TimeSpan.FromMilliseconds(random.Next(60)));
            victim.Kill();
            if (random.Next(2) == 0)
            {
                victim.ControlDisk!.Cut();
            }

            cluster.Cluster.Await(victim.Start(cluster.Cluster.Log));
            if (asked != victim)
            {
                answers.Add(cluster.Cluster.Await(order));
            }
        }

        cluster.Until(() => cluster.Nodes.All(node => cluster.StatusOf(node).State == ControlState.Running));
        CommandAnswer last = cluster.Order(cluster.Nodes[0], "last:1");
        cluster.Until(cluster.Agree);

        Assert.All(answers, answer => Assert.True(answer.IsExecuted, $"seed {seed}: {answer.Verdict}"));
        Assert.True(last.IsExecuted, $"seed {seed}");
        Assert.All(cluster.Nodes, node => Assert.True(cluster.StatusOf(node).IsVoting, $"seed {seed}"));
    }

    [Fact]
    public void A_replica_whose_invariant_is_broken_signs_nothing_more_and_the_node_serves_the_rest_and_says_so()
    {
        using var cluster = ControlCluster.Of(4);
        SimNode broken = cluster.Nodes[0];
        cluster.Order(broken, "before:1");
        broken.Kill();
        Contradict(broken);

        cluster.Cluster.Await(broken.Start(cluster.Cluster.Log));
        cluster.Until(() => cluster.StatusOf(broken).State == ControlState.Halted);
        CommandAnswer refused = cluster.Order(broken, "refused:1");
        CommandAnswer others = cluster.Order(cluster.Nodes[1], "others:1");
        HealthReport report = broken.Node.Report();

        Assert.Equal(ControlVerdict.Unavailable, refused.Verdict);
        Assert.True(others.IsExecuted);
        Assert.False(cluster.StatusOf(broken).IsVoting);
        Assert.True(broken.Node.Health().IsReady);
        Assert.Equal("halted", report.Checks.Single(check => check.Name == "control").Code);
        Assert.Equal(0, broken.Node.Control!.Desk.Counters.Votes);
    }

    // Two blocks notarized in one view, as only a bug or another process of the same key could have said.
    private static void Contradict(SimNode node)
    {
        ControlStoreOpening opening = ControlStore.Open(
            node.ControlDisk!, new WalOptions { SegmentSizeBytes = 1 << 20 },
            ControlGenesis.ClusterOf(node.Options.Cluster), _ => []);
        using ControlStore store = opening.Store!;
        foreach (byte block in new byte[] { 1, 2 })
        {
            WalRecord record = new WalRecord.OwnBallot(
                Ballot.Notarize(new Epoch(1), new View(2), Digest.Sha256([block])));
            store.Append((byte)record.Type, record.Encode());
        }

        store.Commit();
    }
}
