using SigmaComms.Cluster.Peers;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Tests;

public sealed class JoinTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void A_node_joins_through_a_seed_while_the_others_run()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);

        SimNode late = cluster.AddNode(4);
        cluster.Await(late.Start(cluster.Log));
        cluster.Until(() => late.Node.Ready.IsCompletedSuccessfully);
        cluster.Until(cluster.AllUp);

        Assert.All(cluster.Nodes, node => Assert.Equal(4, node.Node.Status().Members.Count));
        Assert.All(cluster.Nodes, node => Assert.All(
            node.Node.Status().Members, member => Assert.Equal(MemberState.Up, member.State)));
    }

    [Fact]
    public void A_node_joins_while_only_one_seed_lives()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        cluster.Nodes[0].Kill();
        cluster.Nodes[1].Kill();

        SimNode late = cluster.AddNode(4);
        cluster.Await(late.Start(cluster.Log));
        cluster.Until(() => late.Node.Ready.IsCompletedSuccessfully);

        cluster.Until(cluster.AllUp);
    }

    [Fact]
    public void Seeds_that_start_at_the_same_moment_find_each_other()
    {
        using var cluster = new SimCluster();
        Task[] starts = [.. Enumerable.Range(1, 3).Select(i => cluster.AddNode(i).Start(cluster.Log))];

        cluster.Await(Task.WhenAll(starts));

        cluster.Until(() => cluster.AllUp() && cluster.Nodes[0].Node.Health().MembersUp == 3);
    }

    [Fact]
    public void A_restarted_node_finds_the_others_without_its_seeds()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        SimNode late = cluster.Nodes[3];
        late.Kill();
        cluster.Nodes[0].Kill();
        late.Options.Seeds = [late.Options.Seeds[0]];

        cluster.Await(late.Start(cluster.Log));

        cluster.Until(() => late.Node.Ready.IsCompletedSuccessfully);
        cluster.Until(cluster.AllUp);
    }

    [Theory]
    [InlineData(RefusalReason.WrongCluster, ClusterFailure.WrongCluster)]
    [InlineData(RefusalReason.NotAdmitted, ClusterFailure.NotAdmitted)]
    [InlineData(RefusalReason.AdmissionExpired, ClusterFailure.AdmissionExpired)]
    public void A_node_with_a_bad_admission_does_not_start(RefusalReason fault, ClusterFailure expected)
    {
        using SimCluster cluster = SimCluster.OfUpNodes(1);
        SimNode bad = cluster.AddNode(4);
        bad.Options.Admission = BadAdmission(cluster, fault, bad.Identity);

        ClusterException error = Assert.Throws<ClusterException>(() => cluster.Await(bad.Start(cluster.Log)));

        Assert.Equal(expected, error.Reason);
        Assert.Contains("may not take part", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RefusalReason.WrongCluster)]
    [InlineData(RefusalReason.NotAdmitted)]
    [InlineData(RefusalReason.AdmissionExpired)]
    public void A_seed_refuses_a_hello_with_a_bad_admission(RefusalReason fault)
    {
        using SimCluster cluster = SimCluster.OfUpNodes(1);
        SimIdentity stranger = SimCluster.IdentityOf(9);
        LinkConnection link = Dial(cluster, stranger);

        LinkMessage answer = Request(cluster, link, new Hello(
            LinkLimits.Protocol, cluster.Cluster, LinkKind.Node, Lane.Join, 1, BadAdmission(cluster, fault, stranger)));

        Assert.Equal(fault, Assert.IsType<Refused>(answer).Reason);
        cluster.Until(() => link.Closed.IsCompleted);
    }

    [Fact]
    public void A_hello_for_another_cluster_or_protocol_is_refused_and_the_link_closed()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(1);
        SimIdentity stranger = SimCluster.IdentityOf(9);
        LinkConnection first = Dial(cluster, stranger);
        LinkConnection second = Dial(cluster, stranger);

        LinkMessage cluster2 = Request(cluster, first, new Hello(
            LinkLimits.Protocol, new ClusterId(SimClient.Id(5)), LinkKind.Client, Lane.Bulk, 0, default));
        LinkMessage protocol = Request(cluster, second, new Hello(
            99, cluster.Cluster, LinkKind.Client, Lane.Bulk, 0, default));

        Assert.Equal(RefusalReason.WrongCluster, Assert.IsType<Refused>(cluster2).Reason);
        Assert.Equal(RefusalReason.WrongProtocol, Assert.IsType<Refused>(protocol).Reason);
        cluster.Until(() => first.Closed.IsCompleted && second.Closed.IsCompleted);
    }

    [Fact]
    public void An_announcement_signed_by_another_is_refused()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(1);
        SimIdentity node = SimCluster.IdentityOf(9);

        LinkMessage answer = Join(cluster, node, Announce(cluster, SimCluster.IdentityOf(10), 5, cluster.Now));

        Assert.Equal(RefusalReason.BadSignature, Assert.IsType<Refused>(answer).Reason);
    }

    [Theory]
    [InlineData(-400)]
    [InlineData(400)]
    public void A_request_from_another_time_is_refused(int seconds)
    {
        using SimCluster cluster = SimCluster.OfUpNodes(1);
        SimIdentity node = SimCluster.IdentityOf(9);

        LinkMessage answer = Join(cluster, node, Announce(cluster, node, 5, cluster.Now.AddSeconds(seconds)));

        Assert.Equal(RefusalReason.NotFresh, Assert.IsType<Refused>(answer).Reason);
    }

    [Fact]
    public void A_request_is_accepted_once_and_its_replay_refused()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(1);
        SimIdentity node = SimCluster.IdentityOf(9);
        NodeAnnouncement announcement = Announce(cluster, node, 5, cluster.Now);

        LinkMessage first = Join(cluster, node, announcement);
        LinkMessage second = Join(cluster, node, announcement);

        Assert.IsType<JoinAccepted>(first);
        Assert.Equal(RefusalReason.Replayed, Assert.IsType<Refused>(second).Reason);
    }

    [Fact]
    public void An_older_process_of_a_known_node_is_refused()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(1);
        SimIdentity node = SimCluster.IdentityOf(9);
        Join(cluster, node, Announce(cluster, node, 5, cluster.Now));

        LinkMessage answer = Join(cluster, node, Announce(cluster, node, 4, cluster.Now));

        Assert.Equal(RefusalReason.StaleIncarnation, Assert.IsType<Refused>(answer).Reason);
    }

    [Fact]
    public void A_node_that_has_not_joined_may_not_link()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(1);
        SimIdentity node = SimCluster.IdentityOf(9);
        LinkConnection link = Dial(cluster, node);

        LinkMessage answer = Request(cluster, link, new Hello(
            LinkLimits.Protocol,
            cluster.Cluster,
            LinkKind.Node,
            Lane.Bulk,
            1,
            cluster.Admit(node, "n9").Encoded));

        Assert.Equal(RefusalReason.NotJoined, Assert.IsType<Refused>(answer).Reason);
    }

    [Fact]
    public void A_second_process_with_a_live_nodes_identity_must_stop_and_the_first_is_not_disturbed()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        SimNode first = cluster.Nodes[3];
        cluster.Advance(TimeSpan.FromSeconds(1));
        SimNode twin = cluster.AddNode(5, identity: 4);

        cluster.Await(twin.Start(cluster.Log));
        cluster.Until(() => twin.Node.Failed.IsCompleted, seconds: 5);
        ClusterException error = cluster.Await(twin.Node.Failed);
        twin.Kill();
        cluster.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(ClusterFailure.IdentityInUse, error.Reason);
        Assert.Contains("another live process uses the identity", error.Message, StringComparison.Ordinal);
        Assert.True(twin.Node.Ready.IsFaulted);
        Assert.False(first.Node.Failed.IsCompleted);
        Assert.Equal(4, first.Node.Health().MembersUp);
        Assert.Contains(cluster.Log.Lines, line => line.Contains("Two live processes", StringComparison.Ordinal));
    }

    [Fact]
    public void A_node_that_starts_again_at_once_after_its_death_is_let_in()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);

        cluster.Nodes[3].Kill();
        cluster.Await(cluster.Nodes[3].Start(cluster.Log));
        cluster.Until(() => cluster.Nodes[3].Node.Ready.IsCompletedSuccessfully);

        cluster.Until(cluster.AllUp);
        Assert.False(cluster.Nodes[3].Node.Failed.IsCompleted);
    }

    [Fact]
    public void A_frozen_process_whose_identity_was_taken_over_stops_when_it_wakes()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        SimNode frozen = cluster.Nodes[3];
        frozen.Host.Freeze();
        cluster.Advance(TimeSpan.FromSeconds(10));
        SimNode successor = cluster.AddNode(5, identity: 4);
        cluster.Await(successor.Start(cluster.Log));
        cluster.Until(() => successor.Node.Ready.IsCompletedSuccessfully);
        cluster.Until(() => successor.Node.Health().MembersUp == 4);

        frozen.Host.Thaw();
        cluster.Until(() => frozen.Node.Failed.IsCompleted);

        Assert.Equal(ClusterFailure.IdentityInUse, cluster.Await(frozen.Node.Failed).Reason);
        Assert.False(successor.Node.Failed.IsCompleted);
    }

    [Fact]
    public void When_an_admission_ends_the_links_of_its_node_end_and_the_node_stops()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(2);
        SimNode brief = cluster.AddNode(3);
        brief.Options.Admission = NodeAdmission.Sign(
            cluster.Operator.Key,
            cluster.Cluster,
            brief.Identity.PublicKey,
            "n3",
            [],
            NodeRoles.Storage,
            cluster.Now.AddSeconds(60),
            new SeededRandom(1)).Encoded;
        cluster.Await(brief.Start(cluster.Log));
        cluster.Until(cluster.AllUp);
        cluster.Advance(TimeSpan.FromSeconds(30));
        bool upBefore = cluster.AllUp() && !brief.Node.Failed.IsCompleted;

        cluster.Advance(TimeSpan.FromSeconds(40));

        Assert.True(upBefore);
        Assert.Equal(ClusterFailure.AdmissionExpired, cluster.Await(brief.Node.Failed).Reason);
        Assert.All(cluster.Nodes.Take(2), node => Assert.Equal(2, node.Node.Health().MembersUp));
        Assert.All(cluster.Nodes.Take(2), node => Assert.False(node.Node.Failed.IsCompleted));
    }

    [Fact]
    public void A_node_that_ignores_the_end_of_its_admission_is_not_linked_any_more()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(2);
        var hostile = new HostileNode(cluster, 9, cluster.Now.AddSeconds(20));
        hostile.JoinAndLink();
        hostile.Advance(TimeSpan.FromSeconds(5));
        int before = cluster.Nodes[0].Node.Health().MembersUp;

        hostile.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(3, before);
        Assert.All(cluster.Nodes, node => Assert.Equal(2, node.Node.Health().MembersUp));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(3_650)]
    public void The_certificate_of_a_node_ends_after_its_admission(int days)
    {
        using var cluster = new SimCluster();
        NodeAdmission admission = NodeAdmission.Sign(
            cluster.Operator.Key,
            cluster.Cluster,
            SimCluster.IdentityOf(1).PublicKey,
            "n1",
            [],
            NodeRoles.Storage,
            cluster.Now.AddDays(days),
            new SeededRandom(1));

        DateTimeOffset end = ClusterNode.CertificateEnd(admission.Encoded, cluster.Now);

        Assert.True(end > admission.NotAfter);
    }

    [Fact]
    public void Clients_over_the_cap_are_refused_and_a_free_place_is_given_again()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(1, options => options.ClientsPerAddressMax = 2);
        SimClient[] clients = [.. Enumerable.Range(1, 3).Select(i => new SimClient(cluster, i))];
        LinkMessage[] answers = [.. clients.Select(client => client.Connect(cluster.Nodes[0]))];

        clients[0].Disconnect();
        cluster.Until(() => cluster.Nodes[0].Node.Health().Clients == 1);
        LinkMessage again = clients[2].Connect(cluster.Nodes[0]);

        Assert.IsType<Welcome>(answers[1]);
        Assert.Equal(RefusalReason.Overloaded, Assert.IsType<Refused>(answers[2]).Reason);
        Assert.IsType<Welcome>(again);
    }

    [Fact]
    public void A_connection_that_says_nothing_is_closed_and_one_that_says_something_else_too()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(1);
        LinkConnection silent = Dial(cluster, SimCluster.IdentityOf(9));
        LinkConnection rude = Dial(cluster, SimCluster.IdentityOf(10));

        cluster.Start(async () => await rude.RequestAsync(new GetClusterStatus(), Patience, default));
        cluster.Advance(TimeSpan.FromSeconds(1));
        bool silentAfterOne = silent.Closed.IsCompleted;
        bool rudeAfterOne = rude.Closed.IsCompleted;
        cluster.Advance(TimeSpan.FromSeconds(5));

        Assert.False(silentAfterOne);
        Assert.True(rudeAfterOne);
        Assert.True(silent.Closed.IsCompleted);
    }

    private static ReadOnlyMemory<byte> BadAdmission(SimCluster cluster, RefusalReason fault, SimIdentity node)
    {
        var random = new SeededRandom(1);
        DateTimeOffset later = cluster.Now.AddDays(1);
        return fault switch
        {
            RefusalReason.WrongCluster => NodeAdmission.Sign(
                cluster.Operator.Key,
                new ClusterId(SimClient.Id(7)),
                node.PublicKey,
                "bad",
                [],
                NodeRoles.Storage,
                later,
                random).Encoded,
            RefusalReason.AdmissionExpired => NodeAdmission.Sign(
                cluster.Operator.Key,
                cluster.Cluster,
                node.PublicKey,
                "bad",
                [],
                NodeRoles.Storage,
                cluster.Now.AddSeconds(-1),
                random).Encoded,
            _ => NodeAdmission.Sign(
                node.Key, cluster.Cluster, node.PublicKey, "bad", [], NodeRoles.Storage, later, random).Encoded,
        };
    }

    private static NodeAnnouncement Announce(
        SimCluster cluster, SimIdentity signer, ulong incarnation, DateTimeOffset at) =>
        NodeAnnouncement.Sign(
            signer.Key,
            cluster.Cluster,
            incarnation,
            [new NodeEndpoint("127.0.0.1", 7_999)],
            at,
            new SeededRandom((int)incarnation));

    private static LinkMessage Join(SimCluster cluster, SimIdentity node, NodeAnnouncement announcement)
    {
        LinkConnection link = Dial(cluster, node);
        ReadOnlyMemory<byte> admission = cluster.Admit(node, "n9").Encoded;
        Assert.IsType<Welcome>(Request(cluster, link, new Hello(
            LinkLimits.Protocol, cluster.Cluster, LinkKind.Node, Lane.Join, announcement.Incarnation, admission)));
        return Request(cluster, link, new JoinRequest(new MemberCredential(admission, announcement.Encoded)));
    }

    private static LinkConnection Dial(SimCluster cluster, SimIdentity identity) => cluster.Run(async () =>
    {
        SecuredChannel channel = await cluster.Network.DialAsync(
            cluster.Outside, identity, cluster.Nodes[0].Endpoint, cluster.Nodes[0].Id, default);
        var link = new LinkConnection(
            channel.Pipe, cluster.Nodes[0].Id, new LinkOptions { Time = cluster.Outside.Time });
        link.Start();
        return link;
    });

    private static LinkMessage Request(SimCluster cluster, LinkConnection link, LinkMessage request) =>
        cluster.Run(async () => await link.RequestAsync(request, Patience, default));
}
