using SigmaComms.Actors.Health;
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

    [Theory]
    [InlineData(Lane.Control)]
    [InlineData(Lane.Bulk)]
    public void A_member_that_sends_garbage_fails_its_own_actor_which_is_told_and_begins_anew(Lane lane)
    {
        using SimCluster cluster = SimCluster.OfUpNodes(2);
        var hostile = new HostileNode(cluster, 9);
        hostile.JoinAndLink();
        SimNode node = cluster.Nodes[0];

        hostile.SendGarbage(node, lane);
        ActorSnapshot failed = PeerActorOf(node, hostile.Id);
        cluster.Until(() => PeerActorOf(node, hostile.Id).State == ActorState.Running);
        hostile.LinkAgain(node);
        cluster.Until(() => node.Node.Health().MembersUp == 3);

        Assert.Equal((ActorState.Backoff, 1), (failed.State, failed.FailuresInWindow));
        Assert.Contains($"the session with node {hostile.Id.Short} broke: a frame of the peer", failed.LastError);
        Assert.Equal(1, PeerActorOf(node, hostile.Id).Restarts);
        Assert.Equal(0, PeerActorOf(node, cluster.Nodes[1].Id).Restarts);
        Assert.False(node.Node.Failed.IsCompleted);
    }

    private static ActorSnapshot PeerActorOf(SimNode node, NodeId peer) => node.Node.Tree().All
        .Single(actor => actor.Path.Elements == $"/user/node/transport/{peer}");

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

    [Fact]
    public void A_record_that_one_node_commits_without_votes_is_not_served()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        var hostile = new HostileNode(cluster, 9)
        {
            Answer = (_, message) => message is StoreAccount or CommitAccount ? new Done() : new Refused(
                RefusalReason.NotFound, "nothing"),
        };
        hostile.JoinAndLink();
        SimNode lonely = cluster.Nodes[2];
        cluster.Network.Cut(cluster.Nodes[0].Id, lonely.Id);
        cluster.Network.Cut(cluster.Nodes[1].Id, lonely.Id);
        hostile.Advance(TimeSpan.FromSeconds(1));
        var first = new SimClient(cluster, 1);
        first.Connect(cluster.Nodes[0]);
        AccountRecord[] rivals = [Account("alpha", 3_001), Account("alpha", 3_002)];
        Assert.IsType<Done>(first.Request(new PublishAccount(rivals[0].Encoded)));

        LinkMessage answer = hostile.Request(lonely, new CommitAccount(rivals[1].Encoded));
        var reader = new SimClient(cluster, 2);
        reader.Connect(lonely);
        LinkMessage read = reader.Request(new FetchAccount("alpha", null));

        Assert.Equal(RefusalReason.Unavailable, Assert.IsType<Refused>(answer).Reason);
        Assert.IsType<Refused>(read);
    }

    [Fact]
    public void A_record_that_only_one_node_serves_is_not_taken_over()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        AccountRecord[] rivals = [Account("alpha", 3_001), Account("alpha", 3_002)];
        var head = new RecordHead(RecordKind.Account, rivals[1].AccountId, 1);
        bool serves = false;
        var hostile = new HostileNode(cluster, 9)
        {
            Answer = (_, message) => message switch
            {
                GetRecordSummary => new RecordSummary(serves ? [head] : [], More: false),
                RecordPull => new Records([new DirectoryRecord(head, rivals[1].Encoded)]),
                _ => new Done(),
            },
        };
        hostile.JoinAndLink();
        foreach (SimNode node in cluster.Nodes.Take(2))
        {
            // The others voted for the rival; it is not committed.
            Assert.IsType<Done>(hostile.Request(node, new StoreAccount(rivals[0].Encoded)));
        }

        serves = true;
        hostile.Advance(TimeSpan.FromSeconds(120));
        var reader = new SimClient(cluster, 1);
        reader.Connect(cluster.Nodes[2]);

        Assert.Contains(hostile.Heard, message => message is RecordPull);
        Assert.IsType<Refused>(reader.Request(new FetchAccount(null, rivals[1].AccountId)));
    }

    [Fact]
    public void A_last_resort_bundle_that_its_device_did_not_sign_is_not_kept_whatever_its_version()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        var owner = new SimClient(cluster, 1);
        owner.Connect(cluster.Nodes[0]);
        var hostile = new HostileNode(cluster, 9);
        hostile.JoinAndLink();
        hostile.Answer = (_, message) => message is StoreLastResort ? new Done() : new Refused(
            RefusalReason.NotFound, "nothing");
        var thief = new SimClient(cluster, 2);
        byte[] changed = Bundles.Of(cluster, owner, null).ToArray();
        changed[^5] ^= 1;
        changed[200] ^= 1;
        ReadOnlyMemory<byte>[] forged = [new byte[] { 1, 2, 3 }, Bundles.Of(cluster, thief, null), changed];

        LinkMessage[] answers = [.. cluster.Nodes.SelectMany(node => forged.Select(bundle =>
            hostile.Request(node, new StoreLastResort(owner.Device, ulong.MaxValue, bundle))))];
        ReadOnlyMemory<byte> own = Bundles.Of(cluster, owner, null);
        owner.Request(new PublishPrekeys(owner.Device, own, []));
        LinkMessage fetched = owner.Request(new FetchBundle(owner.Device));

        Assert.All(answers, answer => Assert.Equal(
            RefusalReason.BadSignature, Assert.IsType<Refused>(answer).Reason));
        Assert.Equal(own.ToArray(), Assert.IsType<BundleFound>(fetched).Bundle.ToArray());
    }

    [Fact]
    public void Garbage_does_not_fill_the_shelf_of_a_device()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        var owner = new SimClient(cluster, 1);
        owner.Connect(cluster.Nodes[0]);
        var hostile = new HostileNode(cluster, 9);
        hostile.JoinAndLink();
        ReadOnlyMemory<byte>[] garbage = [.. Enumerable.Range(0, 100).Select(i => new byte[] { (byte)i })];

        LinkMessage[] answers = [.. cluster.Nodes.Select(node =>
            hostile.Request(node, new StorePrekeys(owner.Device, garbage)))];
        LinkMessage unknown = hostile.Request(
            cluster.Nodes[0], new StorePrekeys(SimCluster.IdentityOf(7_000).Id, garbage));

        Assert.All(answers, answer => Assert.Equal(
            RefusalReason.BadSignature, Assert.IsType<Refused>(answer).Reason));
        Assert.Equal(RefusalReason.Unavailable, Assert.IsType<Refused>(unknown).Reason);
        Assert.Equal(0u, Assert.IsType<PrekeysStored>(owner.Request(new CountPrekeys(owner.Device))).Remaining);
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
