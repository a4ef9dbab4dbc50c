using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests;

/// <summary>What one node that lies can do to the others.</summary>
public sealed class HostileNodeTests
{
    [Theory]
    [InlineData(RefusalReason.IdentityInUse)]
    [InlineData(RefusalReason.StaleIncarnation)]
    [InlineData(RefusalReason.NotAdmitted)]
    public void A_seed_that_refuses_every_hello_stops_nobody(RefusalReason reason)
    {
        using var cluster = new SimCluster();
        var hostile = new HostileNode(cluster, 1) { Answer = (_, _) => new Refused(reason, "you are not you") };
        cluster.AddNode(2);
        cluster.AddNode(3);

        cluster.StartAll();
        cluster.Advance(TimeSpan.FromSeconds(5));

        Assert.Contains(hostile.Heard, message => message is Hello);
        Assert.All(cluster.Nodes, node => Assert.False(node.Node.Failed.IsCompleted));
        Assert.All(cluster.Nodes, node => Assert.Equal(2, node.Node.Health().MembersUp));
    }

    [Theory]
    [InlineData(RefusalReason.IdentityInUse)]
    [InlineData(RefusalReason.StaleIncarnation)]
    public void A_member_that_refuses_a_link_because_of_the_identity_stops_nobody(RefusalReason reason)
    {
        using var cluster = new SimCluster();
        int[] byId = [.. Enumerable.Range(1, 3).OrderBy(number => SimCluster.IdentityOf(number).Id)];
        cluster.AddNode(byId[0]);
        cluster.AddNode(byId[1]);
        cluster.StartAll();
        var hostile = new HostileNode(cluster, byId[2])
        {
            // An old announcement of the peer's own is no proof either.
            Answer = (peer, _) => new Refused(reason, "you are not you") { Proof = OldAnnouncement(cluster, peer) },
        };

        Assert.IsType<JoinAccepted>(hostile.Join(cluster.Nodes[0]));
        cluster.Advance(TimeSpan.FromSeconds(10));

        Assert.Contains(hostile.Heard, message => message is Hello { Lane: Lane.Control });
        Assert.All(cluster.Nodes, node => Assert.False(node.Node.Failed.IsCompleted));
        Assert.All(cluster.Nodes, node => Assert.Equal(2, node.Node.Health().MembersUp));
    }

    [Fact]
    public void A_node_that_counts_four_billion_prekeys_does_not_disturb_the_owner()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        var hostile = new HostileNode(cluster, 9);
        hostile.JoinAndLink();
        hostile.Answer = (_, _) => new PrekeysStored(uint.MaxValue);
        var owner = new SimClient(cluster, 1);
        owner.Connect(cluster.Nodes[0]);
        owner.Request(new PublishPrekeys(
            owner.Device, default, [.. Enumerable.Range(1, 4).Select(i => Bundles.Of(cluster, owner, (uint)i))]));

        LinkMessage counted = owner.Request(new CountPrekeys(owner.Device));

        Assert.InRange(Assert.IsType<PrekeysStored>(counted).Remaining, 1_000u, 1_004u);
        Assert.True(owner.IsConnected);
    }

    private static ReadOnlyMemory<byte> OldAnnouncement(SimCluster cluster, NodeId peer) => NodeAnnouncement.Sign(
        cluster.NodeOf(peer).Identity.Key,
        cluster.Cluster,
        5,
        [new NodeEndpoint("127.0.0.1", 7_999)],
        cluster.Now,
        new SeededRandom(5)).Encoded;
}
