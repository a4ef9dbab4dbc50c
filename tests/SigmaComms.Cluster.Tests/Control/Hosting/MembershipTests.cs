using System.Buffers.Binary;
using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Control.Blocks;
using SigmaComms.Cluster.Control.Keys;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Membership;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Tests.Control.Hosting;

/// <summary>Who comes, who changes keys, and who was away for long.</summary>
public sealed class MembershipTests
{
    [Fact]
    public void A_node_that_the_operator_admits_follows_says_that_it_is_ready_and_votes_in_the_next_epoch()
    {
        using var cluster = ControlCluster.Of(4);
        cluster.Order(cluster.Nodes[0], "before:1");
        cluster.Until(cluster.Agree);
        SimNode joiner = cluster.NewNode();

        cluster.Govern(1, new MembershipChange.Admit(ControlCluster.RequestOf(joiner, cluster.Genesis.Cluster)));
        cluster.Cluster.Await(joiner.Start(cluster.Cluster.Log));
        cluster.Until(() => cluster.StatusOf(joiner).State == ControlState.Running);
        bool votedBefore = cluster.StatusOf(joiner).IsVoting;
        cluster.Until(() => cluster.StatusOf(joiner).IsVoting && cluster.Agree());

        Assert.False(votedBefore);
        Assert.Equal(2UL, cluster.StatusOf(joiner).Epoch.Value);
        Assert.Equal(5, cluster.StatusOf(cluster.Nodes[0]).Validators.Count);
        cluster.Nodes[0].Kill();
        Assert.True(cluster.Order(joiner, "four-of-five:1").IsExecuted);
    }

    [Fact]
    public void Validators_change_their_keys_with_the_epoch_and_erase_the_old_ones()
    {
        using var cluster = ControlCluster.Of(4, change: options => options.KeyAge = TimeSpan.FromSeconds(1));
        Digest[] before = [.. cluster.Genesis.Validators.Members.Select(v => Digest.Sha256(v.VotingKey.Span))];
        cluster.Cluster.Advance(TimeSpan.FromSeconds(12));

        cluster.Govern(1, new MembershipChange.EndEpoch(new Epoch(1)));
        cluster.Until(() => cluster.Nodes.All(node => cluster.StatusOf(node) is { IsVoting: true, Epoch.Value: 2 }));
        for (int i = 0; i < 66; i++)
        {
            cluster.Order(cluster.Nodes[i % 4], $"deep-{i}:1");
        }

        cluster.Cluster.Advance(TimeSpan.FromSeconds(12));

        ValidatorSet now = cluster.Nodes[0].Node.Control!.Read().Ledger.Validators;
        Assert.All(now.Members, validator => Assert.DoesNotContain(Digest.Sha256(validator.VotingKey.Span), before));
        Assert.All(now.Members, validator => Assert.Equal(1U, validator.Incarnation));
        Assert.All(cluster.Nodes, node => Assert.DoesNotContain(KeysOf(cluster, node), key => before.Contains(key)));
    }

    [Fact]
    public void However_long_there_is_no_quorum_nobody_loses_the_key_with_which_it_votes()
    {
        using var cluster = ControlCluster.Of(4, change: options => options.KeyAge = TimeSpan.FromMinutes(1));
        cluster.Nodes[2].Kill();
        cluster.Nodes[3].Kill();
        cluster.Cluster.Advance(TimeSpan.FromMinutes(10));

        foreach (SimNode node in cluster.Nodes)
        {
            cluster.Restart(node);
        }

        Assert.True(cluster.Order(cluster.Nodes[0], "after:1").IsExecuted);
        cluster.Until(() => cluster.Nodes.All(node => cluster.StatusOf(node).IsVoting));
    }

    [Fact]
    public void A_node_for_which_the_blocks_are_no_longer_kept_takes_a_checked_snapshot_across_epochs()
    {
        using var cluster = ControlCluster.Of(4, change: options => options.BlocksPerSnapshot = 16);
        SimNode late = cluster.Nodes[3];
        cluster.Order(late, "before:1");
        cluster.Until(cluster.Agree);
        ulong height = cluster.StatusOf(late).Height.Value;
        late.Kill();
        cluster.Govern(1, new MembershipChange.EndEpoch(new Epoch(1)));
        for (int i = 0; i < 20; i++)
        {
            cluster.Order(cluster.Nodes[i % 3], $"while-away-{i}:1");
        }

        foreach (SimNode node in cluster.Nodes.Take(3))
        {
            Spoil(node.ControlDisk!, height + 1);
        }

        cluster.Cluster.Await(late.Start(cluster.Cluster.Log));
        cluster.Until(() => cluster.StatusOf(late).State == ControlState.Running && cluster.Agree());

        Assert.Contains(cluster.Cluster.Log.Lines, line => line.Contains("goes on from a snapshot"));
        Assert.Equal(2UL, cluster.StatusOf(late).Epoch.Value);
        cluster.Restart(late);
        cluster.Until(() => cluster.StatusOf(late).State == ControlState.Running && cluster.Agree());
        Assert.True(cluster.StatusOf(late).IsVoting);
        Assert.True(cluster.Order(late, "after:1").IsExecuted);
    }

    [Fact]
    public void Who_was_away_for_more_epochs_than_one_message_can_tell_of_follows_them_step_by_step()
    {
        // A hand-over among four has 18 KB: two fit, and there are five.
        using var cluster = ControlCluster.Of(4, change: options =>
        {
            options.BlocksPerSnapshot = 16;
            options.OfferSizeMax = 45_000;
        });
        SimNode late = cluster.Nodes[3];
        cluster.Order(late, "before:1");
        cluster.Until(cluster.Agree);
        ulong height = cluster.StatusOf(late).Height.Value;
        late.Kill();
        for (ulong epoch = 1; epoch <= 5; epoch++)
        {
            cluster.Govern(epoch, new MembershipChange.EndEpoch(new Epoch(epoch)));
        }

        for (int i = 0; i < 20; i++)
        {
            cluster.Order(cluster.Nodes[i % 3], $"while-away-{i}:1");
        }

        foreach (SimNode node in cluster.Nodes.Take(3))
        {
            Spoil(node.ControlDisk!, height + 1);
        }

        cluster.Cluster.Await(late.Start(cluster.Cluster.Log));
        cluster.Until(() => late.ControlDisk!.ListNames().Contains("handover-0000000000000002"));
        cluster.Restart(late);
        cluster.Until(() => cluster.StatusOf(late).State == ControlState.Running && cluster.Agree());

        Assert.Contains(cluster.Cluster.Log.Lines, line => line.Contains("goes on from a snapshot"));
        Assert.Equal(6UL, cluster.StatusOf(late).Epoch.Value);
        Assert.True(cluster.Order(late, "after:1").IsExecuted);
    }

    [Fact]
    public void Who_is_turned_out_keeps_no_voting_key_and_the_others_keep_theirs()
    {
        using var cluster = ControlCluster.Of(5);
        SimNode evicted = cluster.Nodes[4];
        Digest[] before = KeysOf(cluster, evicted);

        cluster.Govern(1, new MembershipChange.Evict(evicted.Id));
        cluster.Until(() => KeysOf(cluster, evicted).Length == 0);

        Assert.Single(before);
        Assert.All(cluster.Nodes.Take(4), node => Assert.Single(KeysOf(cluster, node)));
        Assert.True(cluster.Order(cluster.Nodes[0], "after:1").IsExecuted);
    }

    private static Digest[] KeysOf(ControlCluster cluster, SimNode node)
    {
        using var ring = VotingKeyRing.Open(
            node.ControlDisk!, cluster.Genesis.Cluster, node.Identity.Key, new SeededRandom(1));
        return [.. ring.Entries.Select(entry => entry.KeyDigest)];
    }

    // The block's bytes rot, so that it is not there any more, and nothing after it can be had in a row.
    private static void Spoil(FaultyDisk disk, ulong height)
    {
        byte[] head = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(head, 0x53424531);
        head[4] = (byte)BlockEntryKind.Block;
        BinaryPrimitives.WriteUInt64BigEndian(head.AsSpan(5), height);
        string file = disk.ListNames().First(name => disk.BytesOf(name).AsSpan().IndexOf(head) >= 0);
        disk.Rot(file, disk.BytesOf(file).AsSpan().IndexOf(head) + BlockEntry.SizeBytes + 20);
    }
}
