using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Cluster.Control.Verification;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests.Control.Hosting;

/// <summary>A validator with a good key and bad manners.</summary>
public sealed class HostileValidatorTests
{
    [Fact]
    public void A_validator_that_notarizes_two_blocks_is_convicted_and_the_next_epoch_goes_on_without_it()
    {
        using var cluster = ControlCluster.WithHostile(out HostileNode hostile);
        foreach (byte block in new byte[] { 1, 2 })
        {
            Ballot ballot = Ballot.Notarize(new Epoch(1), new View(1), Digest.Sha256([block]));
            Say(cluster, hostile, new Message.VoteCast(cluster.Sign(ballot, hostile.Id, cluster.HostileKey!)));
        }

        CommandAnswer answer = cluster.Order(cluster.Nodes[0], "without-it:1");
        for (int i = 0; i < 120 && cluster.StatusOf(cluster.Nodes[0]).Epoch.Value < 2; i++)
        {
            hostile.Advance(TimeSpan.FromMilliseconds(500));
        }

        Assert.True(answer.IsExecuted);
        Assert.All(cluster.Nodes, node => Assert.Equal(2UL, cluster.StatusOf(node).Epoch.Value));
        Assert.All(cluster.Nodes, node => Assert.DoesNotContain(hostile.Id, cluster.StatusOf(node).Validators));
        var members = (MembershipState)cluster.Nodes[0].Node.Control!.Read().Ledger.StateOf(MachineIds.Membership)!;
        Assert.Equal(EvictionReason.Convicted, members.Find(hostile.Id)!.Reason);
        Assert.True(cluster.Order(cluster.Nodes[1], "in-epoch-2:1").IsExecuted);
        cluster.Until(cluster.Agree);
    }

    [Fact]
    public void Junk_of_one_peer_is_counted_told_seldom_and_stops_nobody()
    {
        using var cluster = ControlCluster.WithHostile(out HostileNode hostile);
        SimNode victim = cluster.Nodes[0];
        byte[] foreign = MessageCodec.Encode(new Message.VoteCast(cluster.Sign(
            Ballot.Nullify(new Epoch(9), new View(1)), hostile.Id, cluster.HostileKey!)));
        byte[] unsigned = MessageCodec.Encode(new Message.VoteCast(
            cluster.Sign(Ballot.Nullify(new Epoch(1), new View(1)), hostile.Id, hostile.Identity.Key)));
        Random random = new(1);
        for (int i = 0; i < 100; i++)
        {
            byte[] junk = new byte[random.Next(2_000)];
            random.NextBytes(junk);
            hostile.Send(victim, new ControlFrame(junk));
            hostile.Send(victim, new ControlFrame(foreign));
            hostile.Send(victim, new ControlFrame(unsigned));
            if (i % 10 == 0)
            {
                hostile.Advance(TimeSpan.FromMilliseconds(250));
            }
        }

        CommandAnswer answer = cluster.Order(victim, "all-the-same:1");

        ControlCounters counters = victim.Node.Control!.Desk.Counters;
        Assert.True(answer.IsExecuted, answer.Detail);
        Assert.Equal(100, counters.Refused(RefusedFrame.Malformed));
        Assert.Equal(100, counters.Refused(RefusedFrame.Unsigned));
        Assert.Equal(100, counters.Refused(RefusedFrame.ForeignEpoch));
        Assert.Equal(0, victim.Node.Control!.Desk.Frames.Bytes);
        Assert.InRange(cluster.Cluster.Log.Lines.Count(line => line.Contains("frames of node")), 1, 3);
        Assert.NotEqual(0UL, cluster.StatusOf(victim).Height.Value);
    }

    [Fact]
    public void Groups_of_strangers_that_a_validator_spreads_are_neither_ordered_nor_a_reason_to_go_on()
    {
        using var cluster = ControlCluster.WithHostile(out HostileNode hostile);
        for (int i = 0; i < 100; i++)
        {
            CommandGroup junk = cluster.GroupOf(SimCluster.IdentityOf(1_000 + i), 1, new byte[9_000]);
            Say(cluster, hostile, new Message.Submit(junk));
            hostile.Advance(TimeSpan.FromMilliseconds(10));
        }

        hostile.Advance(TimeSpan.FromSeconds(2));
        int[] waiting = [.. cluster.Nodes.Select(node => cluster.StatusOf(node).WaitingGroups)];
        CommandAnswer answer = cluster.Order(cluster.Nodes[0], "all-the-same:1");
        cluster.Until(cluster.Agree);

        Assert.All(waiting, count => Assert.Equal(0, count));
        Assert.True(answer.IsExecuted);
        Assert.All(cluster.Nodes, node => Assert.InRange(node.Node.Control!.Desk.Counters.Commands, 1, 9));
    }

    [Fact]
    public void A_vote_of_another_incarnation_convicts_its_key()
    {
        using var cluster = ControlCluster.WithHostile(out HostileNode hostile);
        Ballot ballot = Ballot.Nullify(new Epoch(1), new View(1));

        Say(cluster, hostile, new Message.VoteCast(cluster.Sign(ballot, hostile.Id, cluster.HostileKey!, 7)));
        for (int i = 0; i < 120 && cluster.StatusOf(cluster.Nodes[2]).Epoch.Value < 2; i++)
        {
            hostile.Advance(TimeSpan.FromMilliseconds(500));
        }

        Assert.Equal(3, cluster.StatusOf(cluster.Nodes[2]).Validators.Count);
    }

    private static void Say(ControlCluster cluster, HostileNode hostile, Message message)
    {
        foreach (SimNode node in cluster.Nodes)
        {
            hostile.Send(node, new ControlFrame(MessageCodec.Encode(message)));
        }
    }
}
