using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;
using Xunit.Abstractions;

namespace SigmaComms.Cluster.Tests;

public sealed class MailboxSleepTests(ITestOutputHelper output)
{
    [Fact]
    public void An_idle_mailbox_leaves_memory_and_keeps_messages_order_and_count()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3, ShortIdle);
        (SimClient alpha, SimClient beta) = Pair(cluster);
        DepositAll(alpha, beta.Device, 0, 10);
        long bytes = cluster.Nodes.Sum(node => node.Node.Health().MailboxBytes);

        cluster.Advance(TimeSpan.FromSeconds(20));
        int awake = cluster.Nodes.Sum(node => MailboxActors(node).Count(beta.Device.ToString().Equals));
        long[] mailboxes = [.. cluster.Nodes.Select(node => node.Node.Health().Mailboxes).Order()];
        long bytesAsleep = cluster.Nodes.Sum(node => node.Node.Health().MailboxBytes);
        DepositAll(alpha, beta.Device, 10, 20);
        beta.Subscribe();
        cluster.Until(() => beta.Deliveries.Count >= 20);

        Assert.Equal(0, awake);
        Assert.Equal([0L, 1, 1], mailboxes);
        Assert.Equal(bytes, bytesAsleep);
        Assert.Equal(Enumerable.Range(0, 20).Select(SimClient.Id), beta.Deliveries.Select(d => d.MessageId));
    }

    [Fact]
    public void A_mailbox_that_slept_does_not_take_again_what_was_acknowledged()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3, ShortIdle);
        (SimClient alpha, SimClient beta) = Pair(cluster);
        beta.Subscribe();
        DepositAll(alpha, beta.Device, 0, 5);
        cluster.Until(() => beta.Deliveries.Count == 5);
        beta.Disconnect();
        cluster.Advance(TimeSpan.FromSeconds(20));
        int awake = cluster.Nodes.Sum(node => MailboxActors(node).Count);

        DepositAll(alpha, beta.Device, 0, 6);
        beta.Connect(cluster.Nodes[1]);
        beta.Subscribe();
        cluster.Until(() => beta.Deliveries.Count > 5);
        cluster.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(0, awake);
        Assert.Equal(Enumerable.Range(0, 6).Select(SimClient.Id), beta.Deliveries.Select(d => d.MessageId));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Messages_that_come_while_a_mailbox_falls_asleep_are_kept_in_order(int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using SimCluster cluster = SimCluster.OfUpNodes(
            3, options => options.MailboxIdleTimeout = TimeSpan.FromSeconds(1));
        (SimClient alpha, SimClient beta) = Pair(cluster);
        var deposits = new List<Task<LinkMessage>>();

        for (int i = 0; i < 60; i++)
        {
            int id = i;
            deposits.Add(cluster.Start(() => alpha.RequestAsync(
                new Deposit(beta.Device, SimClient.Id(id), new byte[10]))));
            cluster.Advance(TimeSpan.FromMilliseconds(random.Next(3) == 0 ? random.Next(950, 1_050) : random.Next(5)));
        }

        cluster.Until(() => deposits.All(deposit => deposit.IsCompleted));
        beta.Subscribe();
        cluster.Until(() => beta.Deliveries.Count >= 60);

        Assert.All(deposits, deposit => Assert.IsType<Done>(cluster.Await(deposit)));
        Assert.Equal(Enumerable.Range(0, 60).Select(SimClient.Id), beta.Deliveries.Select(d => d.MessageId));
    }

    [Fact]
    public void No_more_mailboxes_than_allowed_have_an_actor_and_none_loses_a_message()
    {
        const int Most = 16;
        const int Recipients = 48;
        using SimCluster cluster = SimCluster.OfUpNodes(2, options => options.MailboxActorsMax = Most);
        (SimClient alpha, _) = Pair(cluster);
        SimClient[] recipients = [.. Enumerable.Range(5_000, Recipients).Select(i => new SimClient(cluster, i))];
        Publish(alpha, recipients);

        var deposits = new List<Task<LinkMessage>>();
        int most = 0;
        for (int i = 0; i < Recipients * 2; i++)
        {
            int id = i;
            deposits.Add(cluster.Start(() => alpha.RequestAsync(
                new Deposit(recipients[id % Recipients].Device, SimClient.Id(id), new byte[10]))));
            cluster.Advance(TimeSpan.FromMilliseconds(1));
            most = Math.Max(most, cluster.Nodes.Max(node => MailboxActors(node).Count));
        }

        cluster.Until(() => deposits.All(deposit => deposit.IsCompleted));
        LinkMessage[] answers = [.. deposits.Select(deposit => cluster.Await(deposit))];
        foreach (SimClient recipient in recipients)
        {
            recipient.Connect(cluster.Nodes[0]);
            recipient.Subscribe();
            cluster.Until(() => recipient.Deliveries.Count >= 2);
            recipient.Disconnect();
            cluster.Advance(TimeSpan.FromSeconds(1));
            most = Math.Max(most, cluster.Nodes.Max(node => MailboxActors(node).Count));
        }

        Assert.All(answers, answer => Assert.IsType<Done>(answer));
        Assert.InRange(most, Most / 2, Most);
    }

    [Fact]
    public void Sleeping_mailboxes_are_handed_over_when_a_holder_is_lost_and_expire_in_time()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4, options =>
        {
            ShortIdle(options);
            options.TimeToLive = TimeSpan.FromMinutes(10);
        });
        SimNode[] ranked = cluster.Ranked(SimCluster.IdentityOf(2_002).Id);
        var alpha = new SimClient(cluster, 1);
        alpha.Connect(ranked[3]);
        DepositAll(alpha, SimCluster.IdentityOf(2_002).Id, 0, 5);
        cluster.Advance(TimeSpan.FromSeconds(20));

        ranked[0].Kill();
        cluster.Until(() => ranked[2].Node.Health().Mailboxes == 1);
        cluster.Advance(TimeSpan.FromSeconds(20));
        int awake = ranked.Skip(1).Sum(node => MailboxActors(node).Count);
        cluster.Advance(TimeSpan.FromMinutes(12));
        long left = ranked.Skip(1).Sum(node => node.Node.Health().MailboxBytes);

        Assert.Equal(0, awake);
        Assert.Equal(0, left);
    }

    [Fact]
    public void After_a_start_mailboxes_are_counted_and_do_not_stay_in_memory()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(2);
        (SimClient alpha, SimClient beta) = Pair(cluster);
        DepositAll(alpha, beta.Device, 0, 5);

        cluster.Nodes.ForEach(node => node.Kill());
        cluster.StartAll();
        cluster.Advance(TimeSpan.FromSeconds(10));

        Assert.All(cluster.Nodes, node => Assert.Equal(1, node.Node.Health().Mailboxes));
        Assert.All(cluster.Nodes, node => Assert.Empty(MailboxActors(node)));
    }

    [Fact]
    public void Messages_that_waited_are_read_page_by_page_and_delivered_in_order()
    {
        const int Messages = 700;
        using SimCluster cluster = SimCluster.OfUpNodes(2);
        (SimClient alpha, SimClient beta) = Pair(cluster);
        for (int i = 0; i < Messages; i++)
        {
            alpha.Request(new Deposit(beta.Device, SimClient.Id(i), Content(i)));
        }

        beta.Subscribe();
        cluster.Until(() => beta.Deliveries.Count >= Messages);

        Assert.Equal(Enumerable.Range(0, Messages).Select(SimClient.Id), beta.Deliveries.Select(d => d.MessageId));
        Assert.All(
            Enumerable.Range(0, Messages),
            i => Assert.True(beta.Deliveries[i].Blob.Span.SequenceEqual(Content(i))));
    }

    [Fact]
    public void A_journal_that_cannot_be_read_delays_messages_and_loses_none()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(2);
        (SimClient alpha, SimClient beta) = Pair(cluster);
        DepositAll(alpha, beta.Device, 0, 5);
        cluster.Nodes.ForEach(node => node.Store.IsUnreadable = true);

        beta.Subscribe();
        cluster.Advance(TimeSpan.FromSeconds(5));
        int whileBroken = beta.Deliveries.Count;
        cluster.Nodes.ForEach(node => node.Store.IsUnreadable = false);
        cluster.Until(() => beta.Deliveries.Count >= 5);

        Assert.Equal(0, whileBroken);
        Assert.Equal(Enumerable.Range(0, 5).Select(SimClient.Id), beta.Deliveries.Select(d => d.MessageId));
    }

    private static void ShortIdle(ClusterNodeOptions options) => options.MailboxIdleTimeout = TimeSpan.FromSeconds(5);

    private static byte[] Content(int number)
    {
        byte[] content = new byte[2_048];
        new Random(number).NextBytes(content);
        return content;
    }

    private static (SimClient Alpha, SimClient Beta) Pair(SimCluster cluster)
    {
        var alpha = new SimClient(cluster, 1);
        var beta = new SimClient(cluster, 2);
        alpha.Connect(cluster.Nodes[0]);
        beta.Connect(cluster.Nodes[1]);
        return (alpha, beta);
    }

    private static void DepositAll(SimClient sender, NodeId recipient, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            Assert.IsType<Done>(sender.Deposit(recipient, i));
        }
    }

    private static void Publish(SimClient by, SimClient[] devices)
    {
        foreach (SimClient[] part in devices.Chunk(AccountRecord.DevicesMax))
        {
            int number = Array.IndexOf(devices, part[0]);
            AccountRecord record = AccountRecord.Create(
                $"recipients-{number}",
                SimCluster.IdentityOf(6_000 + number).Key,
                1,
                [.. part.Select(device => new DeviceEntry(device.Identity.PublicKey.Span, new byte[32]))],
                new SeededRandom(number));
            Assert.IsType<Done>(by.Request(new PublishAccount(record.Encoded)));
        }
    }

    private static IReadOnlyList<string> MailboxActors(SimNode node) => [.. node.Node.Tree().All
        .Select(actor => actor.Path.ToString().Split('#')[0].Split('/'))
        .Where(path => path.Length > 1 && path[^2] == "mailboxes")
        .Select(path => path[^1])];
}
