using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests;

public sealed class UnknownDeviceTests
{
    private const int Stranger = 50;

    [Fact]
    public void A_deposit_for_a_device_that_nobody_published_is_refused_and_leaves_no_trace()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        SimClient alpha = ClientAt(cluster, 1, 0);
        SimIdentity[] made = [.. Enumerable.Range(7_000, 20).Select(SimCluster.IdentityOf)];

        LinkMessage[] answers = [.. made.Select((device, i) => alpha.Deposit(device.Id, i))];

        Assert.All(answers, answer =>
            Assert.Equal(RefusalReason.UnknownDevice, Assert.IsType<Refused>(answer).Reason));
        Assert.All(cluster.Nodes, node => Assert.All(made, device =>
        {
            Assert.Equal(0, node.EventsStored($"mailbox/{device.Id}"));
            Assert.DoesNotContain(node.Node.Tree().All, actor => $"{actor.Path}".Contains($"{device.Id}", Ordinal));
        }));
    }

    [Fact]
    public void While_a_node_is_down_an_unknown_device_is_told_to_try_again_and_never_unknown()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        SimClient alpha = ClientAt(cluster, 1, 0);
        cluster.Nodes[3].Kill();
        LinkMessage atOnce = alpha.Deposit(SimCluster.IdentityOf(7_000).Id, 1);

        cluster.Advance(TimeSpan.FromMinutes(2));
        LinkMessage later = alpha.Deposit(SimCluster.IdentityOf(7_000).Id, 1);
        LinkMessage known = alpha.Deposit(SimCluster.IdentityOf(2_002).Id, 2);
        cluster.Await(cluster.Nodes[3].Start(cluster.Log));
        cluster.Until(cluster.AllUp);
        LinkMessage back = alpha.Deposit(SimCluster.IdentityOf(7_000).Id, 1);

        Assert.Equal(RefusalReason.Unavailable, Assert.IsType<Refused>(atOnce).Reason);
        Assert.Equal(RefusalReason.Unavailable, Assert.IsType<Refused>(later).Reason);
        Assert.IsType<Done>(known);
        Assert.Equal(RefusalReason.UnknownDevice, Assert.IsType<Refused>(back).Reason);
    }

    [Fact]
    public void A_device_that_only_other_nodes_know_gets_its_message()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        SimClient alpha = ClientAt(cluster, 1, 0);
        SimClient stranger = ClientAt(cluster, Stranger, 1);
        cluster.Nodes.Skip(1).ToList().ForEach(node => cluster.Network.Cut(cluster.Nodes[0].Id, node.Id));
        cluster.Until(() => cluster.Nodes[0].Node.Health().MembersUp == 1);
        AccountRecord record = AccountRecord.Create(
            "stranger",
            SimCluster.IdentityOf(3_050).Key,
            1,
            [new DeviceEntry(stranger.Identity.PublicKey.Span, new byte[32])],
            new SeededRandom(1));
        LinkMessage published = stranger.Request(new PublishAccount(record.Encoded));

        LinkMessage cutOff = alpha.Deposit(stranger.Device, 1);
        cluster.Network.MendAll();
        cluster.Until(() => cluster.Nodes[0].Node.Health().MembersUp == 4);
        LinkMessage mended = alpha.Deposit(stranger.Device, 1);
        stranger.Subscribe();
        cluster.Until(() => stranger.Deliveries.Count == 1);

        Assert.IsType<Done>(published);
        Assert.Equal(RefusalReason.Unavailable, Assert.IsType<Refused>(cutOff).Reason);
        Assert.IsType<Done>(mended);
    }

    [Fact]
    public void A_device_stays_known_when_all_nodes_start_again()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        cluster.Nodes.ForEach(node => node.Kill());
        cluster.StartAll();
        SimClient alpha = ClientAt(cluster, 1, 0);

        LinkMessage answer = alpha.Deposit(SimCluster.IdentityOf(2_002).Id, 1);

        Assert.IsType<Done>(answer);
    }

    [Fact]
    public void A_flood_of_unknown_devices_is_refused_whole_with_a_reason()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        SimClient alpha = ClientAt(cluster, 1, 0);

        Task<LinkMessage>[] deposits = [.. Enumerable.Range(0, 200).Select(i => cluster.Start(() => alpha.RequestAsync(
            new Deposit(SimCluster.IdentityOf(7_000 + (i % 100)).Id, SimClient.Id(i), new byte[10]))))];
        LinkMessage[] answers = [.. deposits.Select(deposit => cluster.Await(deposit))];

        Assert.All(answers, answer => Assert.Contains(
            Assert.IsType<Refused>(answer).Reason, new[] { RefusalReason.UnknownDevice, RefusalReason.Overloaded }));
    }

    private static StringComparison Ordinal => StringComparison.Ordinal;

    private static SimClient ClientAt(SimCluster cluster, int number, int node)
    {
        var client = new SimClient(cluster, number);
        Assert.IsType<Welcome>(client.Connect(cluster.Nodes[node]));
        return client;
    }
}
