using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;
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

    [Fact]
    public void A_node_whose_directory_never_ends_is_not_asked_without_end()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(2);
        var hostile = new HostileNode(cluster, 9);
        int asked = 0;
        hostile.Answer = (_, message) => message is GetRecordSummary
            ? new RecordSummary([new RecordHead(RecordKind.LastResort, hostile.Id, 0)], More: ++asked < 500)
            : new Records([]);

        hostile.JoinAndLink();
        hostile.Advance(TimeSpan.FromSeconds(2));

        Assert.InRange(asked, 1, 10);
    }

    [Fact]
    public void Two_records_for_one_name_in_one_page_are_never_both_served()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(2);
        var hostile = new HostileNode(cluster, 9);
        var reader = new SimClient(cluster, 1);
        reader.Connect(cluster.Nodes[0]);
        AccountRecord[] rivals = [Account("alpha", 3_001), Account("alpha", 3_002)];
        DirectoryRecord[] page = [.. rivals.Select(rival => new DirectoryRecord(
            new RecordHead(RecordKind.Account, rival.AccountId, 1), rival.Encoded))];
        hostile.Answer = (_, message) => message is GetRecordSummary
            ? new RecordSummary([.. page.Select(record => record.Head)], More: false)
            : new Records(page);

        hostile.JoinAndLink();
        hostile.Advance(TimeSpan.FromSeconds(2));

        Assert.Contains(hostile.Heard, message => message is RecordPull);
        Assert.InRange(
            rivals.Count(rival => reader.Request(new FetchAccount(null, rival.AccountId)) is AccountFound), 0, 1);
    }

    private static AccountRecord Account(string name, int key) => AccountRecord.Create(
        name, SimCluster.IdentityOf(key).Key, 1, [], new SeededRandom(key));

    private static ReadOnlyMemory<byte> OldAnnouncement(SimCluster cluster, NodeId peer) => NodeAnnouncement.Sign(
        cluster.NodeOf(peer).Identity.Key,
        cluster.Cluster,
        5,
        [new NodeEndpoint("127.0.0.1", 7_999)],
        cluster.Now,
        new SeededRandom(5)).Encoded;
}
