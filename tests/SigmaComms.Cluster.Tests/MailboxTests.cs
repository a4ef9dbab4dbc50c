using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests;

public sealed class MailboxTests
{
    [Fact]
    public void A_message_reaches_the_subscriber_through_the_cluster()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        var alpha = new SimClient(cluster, 1);
        var beta = new SimClient(cluster, 2);
        alpha.Connect(cluster.Nodes[0]);
        beta.Connect(cluster.Nodes[3]);
        Assert.IsType<Done>(beta.Subscribe());

        LinkMessage answer = alpha.Deposit(beta.Device, 1);
        cluster.Until(() => beta.Deliveries.Count == 1);

        Assert.IsType<Done>(answer);
        Assert.Equal(alpha.Device, beta.Deliveries[0].Sender);
        Assert.Equal(SimClient.Id(1), beta.Deliveries[0].MessageId);
    }

    [Fact]
    public void Messages_keep_their_order_while_nothing_fails()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        (SimClient alpha, SimClient beta) = SimClient.Pair(cluster, 0, 3);
        beta.Subscribe();

        for (int i = 0; i < 50; i++)
        {
            alpha.Deposit(beta.Device, i);
        }

        cluster.Until(() => beta.Deliveries.Count == 50);
        Assert.Equal(Enumerable.Range(0, 50).Select(SimClient.Id), beta.Deliveries.Select(d => d.MessageId));
    }

    [Fact]
    public void A_stored_message_is_on_exactly_the_two_best_nodes()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        (SimClient alpha, SimClient beta) = SimClient.Pair(cluster, 0, 3);
        SimNode[] ranked = cluster.Ranked(beta.Device);

        Assert.IsType<Done>(alpha.Deposit(beta.Device, 1));

        Assert.Equal([1L, 1, 0, 0], ranked.Select(node => node.Node.Health().Mailboxes));
    }

    [Fact]
    public void Messages_wait_for_a_device_that_is_away_and_go_once_it_acknowledged()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        (SimClient alpha, SimClient beta) = SimClient.Pair(cluster, 0, 3);
        for (int i = 0; i < 5; i++)
        {
            alpha.Deposit(beta.Device, i);
        }

        beta.Subscribe();
        cluster.Until(() => beta.Deliveries.Count == 5);
        cluster.Until(() => cluster.Nodes.All(node => node.Node.Health().MailboxBytes == 0));
        cluster.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(5, beta.Deliveries.Count);
    }

    [Fact]
    public void Acknowledged_ciphertext_leaves_the_journal()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        (SimClient alpha, SimClient beta) = SimClient.Pair(cluster, 0, 3);
        beta.Subscribe();

        for (int i = 0; i < 20; i++)
        {
            alpha.Deposit(beta.Device, i);
        }

        cluster.Until(() => beta.Deliveries.Count == 20);
        cluster.Advance(TimeSpan.FromSeconds(2));

        Assert.All(cluster.Nodes, node => Assert.Equal(0, node.EventsStored($"mailbox/{beta.Device}")));
    }

    [Fact]
    public void The_same_message_deposited_again_is_stored_and_delivered_once()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        (SimClient alpha, SimClient beta) = SimClient.Pair(cluster, 0, 3);
        beta.Subscribe();

        Assert.IsType<Done>(alpha.Deposit(beta.Device, 1));
        Assert.IsType<Done>(alpha.Deposit(beta.Device, 1));
        cluster.Advance(TimeSpan.FromSeconds(5));
        Assert.IsType<Done>(alpha.Deposit(beta.Device, 1));
        cluster.Advance(TimeSpan.FromSeconds(5));

        Assert.Single(beta.Deliveries);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_holder_killed_after_done_loses_nothing(int victim)
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        (SimClient alpha, SimClient beta) = SimClient.PairAwayFromHolders(cluster);
        alpha.Deposit(beta.Device, 1);

        cluster.Ranked(beta.Device)[victim].Kill();
        beta.Subscribe();
        cluster.Until(() => beta.Deliveries.Count >= 1);

        Assert.Equal([SimClient.Id(1)], beta.DeliveredIds);
    }

    [Fact]
    public void A_holder_killed_in_the_middle_of_a_burst_loses_nothing_that_was_done()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        (SimClient alpha, SimClient beta) = SimClient.PairAwayFromHolders(cluster);
        beta.Subscribe();
        Task<LinkMessage>[] deposits = [.. Enumerable.Range(0, 100).Select(i => cluster.Start(() =>
            alpha.RequestAsync(new Deposit(beta.Device, SimClient.Id(i), new byte[10]))))];

        cluster.Ranked(beta.Device)[0].Kill();
        cluster.Until(() => deposits.All(deposit => deposit.IsCompleted));
        cluster.Until(() => beta.DeliveredIds.Count() == 100);

        Assert.All(deposits, deposit => Assert.IsType<Done>(cluster.Await(deposit)));
    }

    [Fact]
    public void With_one_node_down_a_message_goes_to_the_next_in_rank_and_moves_back_when_it_returns()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        (SimClient alpha, SimClient beta) = SimClient.PairAwayFromHolders(cluster);
        SimNode[] ranked = cluster.Ranked(beta.Device);
        ranked[0].Kill();
        cluster.Until(cluster.AllUp);
        alpha.Deposit(beta.Device, 1);
        long[] before = [.. ranked.Skip(1).Select(node => node.Node.Health().Mailboxes)];

        cluster.Await(ranked[0].Start(cluster.Log));
        cluster.Until(cluster.AllUp);
        cluster.Until(() => ranked[2].Node.Health().Mailboxes == 0);

        Assert.Equal([1L, 1, 0], before);
        Assert.Equal([1L, 1, 0, 0], ranked.Select(node => node.Node.Health().Mailboxes));
    }

    [Fact]
    public void A_killed_holder_comes_back_with_its_messages()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        (SimClient alpha, SimClient beta) = SimClient.PairAwayFromHolders(cluster);
        SimNode[] ranked = cluster.Ranked(beta.Device);
        alpha.Deposit(beta.Device, 1);
        ranked[0].Kill();
        ranked[1].Kill();
        cluster.Until(cluster.AllUp);
        beta.Subscribe();
        cluster.Advance(TimeSpan.FromSeconds(5));
        int whileAway = beta.Deliveries.Count;

        cluster.Await(ranked[1].Start(cluster.Log));
        cluster.Until(() => beta.Deliveries.Count > 0);

        Assert.Equal(0, whileAway);
        Assert.Equal([SimClient.Id(1)], beta.DeliveredIds);
    }

    [Fact]
    public void An_acknowledgement_that_a_holder_missed_leads_to_a_second_delivery_not_to_a_loss()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        (SimClient alpha, SimClient beta) = SimClient.PairAwayFromHolders(cluster);
        SimNode[] ranked = cluster.Ranked(beta.Device);
        alpha.Deposit(beta.Device, 1);
        ranked[0].Kill();
        beta.Subscribe();
        cluster.Until(() => beta.Deliveries.Count == 1);
        cluster.Advance(TimeSpan.FromSeconds(1));

        cluster.Await(ranked[0].Start(cluster.Log));
        cluster.Until(cluster.AllUp);
        cluster.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal([SimClient.Id(1)], beta.DeliveredIds);
        Assert.InRange(beta.Deliveries.Count, 1, 2);
        Assert.All(cluster.Nodes, node => Assert.Equal(0, node.Node.Health().MailboxBytes));
    }

    [Fact]
    public void Views_that_disagree_lose_nothing_and_leave_two_copies()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        (SimClient alpha, SimClient beta) = SimClient.PairAwayFromHolders(cluster);
        SimNode[] ranked = cluster.Ranked(beta.Device);
        SimNode entry = cluster.NodeOf(alpha.Link.PeerId);
        cluster.Network.Cut(entry.Id, ranked[0].Id);
        cluster.Until(() => entry.Node.Health().MembersUp == 3);

        Assert.IsType<Done>(alpha.Deposit(beta.Device, 1));
        cluster.Advance(TimeSpan.FromSeconds(6));
        long[] copies = [.. ranked.Select(node => node.Node.Health().Mailboxes)];
        beta.Subscribe();
        cluster.Until(() => beta.Deliveries.Count == 1);

        Assert.Equal(1, copies[0]);
        Assert.Equal(1, copies[1]);
    }

    [Fact]
    public void A_client_whose_entry_node_is_killed_reads_on_through_another()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        (SimClient alpha, SimClient beta) = SimClient.PairAwayFromHolders(cluster);
        beta.Subscribe();
        alpha.Deposit(beta.Device, 1);
        cluster.Until(() => beta.Deliveries.Count == 1);

        cluster.NodeOf(beta.Link.PeerId).Kill();
        cluster.Until(() => !beta.IsConnected);
        SimNode other = cluster.Nodes.First(node => node.IsAlive);
        beta.Connect(other);
        beta.Subscribe();
        alpha.Connect(other);
        alpha.Deposit(beta.Device, 2);
        cluster.Until(() => beta.DeliveredIds.Count() == 2);

        Assert.Equal([SimClient.Id(1), SimClient.Id(2)], beta.DeliveredIds);
    }

    [Fact]
    public void Fewer_than_two_nodes_up_refuse_a_message()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(2);
        (SimClient alpha, SimClient beta) = SimClient.Pair(cluster, 0, 0);
        cluster.Nodes[1].Kill();
        cluster.Until(() => cluster.Nodes[0].Node.Health().MembersUp == 1);

        LinkMessage answer = alpha.Deposit(beta.Device, 1);

        Assert.Equal(RefusalReason.Unavailable, Assert.IsType<Refused>(answer).Reason);
    }

    [Fact]
    public void A_full_mailbox_refuses_and_takes_again_when_its_owner_fetched()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3, options => options.MailboxMessagesMax = 3);
        (SimClient alpha, SimClient beta) = SimClient.Pair(cluster, 0, 1);
        LinkMessage[] stored = [.. Enumerable.Range(0, 3).Select(i => alpha.Deposit(beta.Device, i))];

        LinkMessage refused = alpha.Deposit(beta.Device, 3);
        beta.Subscribe();
        cluster.Until(() => beta.Deliveries.Count == 3);
        cluster.Advance(TimeSpan.FromSeconds(1));
        LinkMessage after = alpha.Deposit(beta.Device, 4);

        Assert.All(stored, answer => Assert.IsType<Done>(answer));
        Assert.Equal(RefusalReason.MailboxFull, Assert.IsType<Refused>(refused).Reason);
        Assert.IsType<Done>(after);
    }

    [Fact]
    public void More_than_the_window_is_delivered_as_the_client_acknowledges()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3, options => options.DeliveryWindow = 4);
        (SimClient alpha, SimClient beta) = SimClient.Pair(cluster, 0, 1);
        beta.Acknowledges = false;
        beta.Subscribe();
        for (int i = 0; i < 10; i++)
        {
            alpha.Deposit(beta.Device, i);
        }

        cluster.Advance(TimeSpan.FromSeconds(3));
        int withoutAcknowledgement = beta.Deliveries.Count;
        beta.Acknowledges = true;
        cluster.Await(beta.Link.SendAsync(new Acknowledge([.. beta.DeliveredIds]), default).AsTask());
        cluster.Until(() => beta.DeliveredIds.Count() == 10);

        Assert.Equal(4, withoutAcknowledgement);
    }

    [Fact]
    public void Unacknowledged_messages_of_one_sender_do_not_hold_up_those_of_another()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3, options => options.DeliveryWindow = 4);
        (SimClient rude, SimClient beta) = SimClient.Pair(cluster, 0, 1);
        var gamma = new SimClient(cluster, 3);
        gamma.Connect(cluster.Nodes[2]);
        beta.Ignored.Add(rude.Device);
        for (int i = 0; i < 20; i++)
        {
            rude.Deposit(beta.Device, i);
        }

        beta.Subscribe();
        for (int i = 100; i < 110; i++)
        {
            gamma.Deposit(beta.Device, i);
        }

        cluster.Until(() => beta.Deliveries.Count(delivery => delivery.Sender == gamma.Device) == 10, seconds: 5);
        Assert.Equal(
            Enumerable.Range(100, 10).Select(SimClient.Id),
            beta.Deliveries.Where(delivery => delivery.Sender == gamma.Device).Select(d => d.MessageId));
        Assert.Equal(4, beta.Deliveries.Count(delivery => delivery.Sender == rude.Device));
    }

    [Fact]
    public void Many_senders_with_one_unacknowledged_message_each_do_not_hold_up_another()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3, options => options.DeliveryWindow = 2);
        (SimClient alpha, SimClient beta) = SimClient.Pair(cluster, 0, 1);
        for (int i = 0; i < 12; i++)
        {
            var rude = new SimClient(cluster, 20 + i);
            rude.Connect(cluster.Nodes[2]);
            beta.Ignored.Add(rude.Device);
            rude.Deposit(beta.Device, i);
            rude.Disconnect();
        }

        beta.Subscribe();
        alpha.Deposit(beta.Device, 100);
        alpha.Deposit(beta.Device, 101);
        cluster.Until(() => beta.Deliveries.Count(delivery => delivery.Sender == alpha.Device) == 2, seconds: 5);

        Assert.Equal(14, beta.DeliveredIds.Count());
    }

    [Fact]
    public void A_second_connection_of_the_device_takes_over()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        (SimClient alpha, SimClient first) = SimClient.Pair(cluster, 0, 1);
        var second = new SimClient(cluster, 2);
        first.Subscribe();
        second.Connect(cluster.Nodes[2]);

        second.Subscribe();
        cluster.Until(() => first.WasReplaced);
        alpha.Deposit(first.Device, 1);
        cluster.Until(() => second.Deliveries.Count == 1);

        Assert.Empty(first.Deliveries);
        Assert.False(second.WasReplaced);
    }

    [Fact]
    public void Nobody_reads_or_acknowledges_for_another_device()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        (SimClient alpha, SimClient beta) = SimClient.Pair(cluster, 0, 1);

        LinkMessage subscribe = alpha.Request(new Subscribe(beta.Device));
        LinkMessage publish = alpha.Request(new PublishPrekeys(beta.Device, default, []));
        LinkMessage count = alpha.Request(new CountPrekeys(beta.Device));

        Assert.All(
            new[] { subscribe, publish, count },
            answer => Assert.Equal(RefusalReason.NotAllowed, Assert.IsType<Refused>(answer).Reason));
    }

    [Fact]
    public void A_message_that_nobody_fetched_in_time_is_gone()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3, options => options.TimeToLive = TimeSpan.FromMinutes(2));
        (SimClient alpha, SimClient beta) = SimClient.Pair(cluster, 0, 1);
        alpha.Deposit(beta.Device, 1);

        cluster.Advance(TimeSpan.FromMinutes(4));
        beta.Subscribe();
        cluster.Advance(TimeSpan.FromSeconds(3));

        Assert.Empty(beta.Deliveries);
        Assert.All(cluster.Nodes, node => Assert.Equal(0, node.Node.Health().MailboxBytes));
    }

    [Fact]
    public void A_message_that_expired_is_delivered_when_its_sender_offers_it_again()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3, options => options.TimeToLive = TimeSpan.FromMinutes(2));
        (SimClient alpha, SimClient beta) = SimClient.Pair(cluster, 0, 1);
        alpha.Deposit(beta.Device, 1);
        cluster.Advance(TimeSpan.FromMinutes(4));
        alpha.Connect(cluster.Nodes[0]);
        beta.Connect(cluster.Nodes[1]);

        LinkMessage again = alpha.Deposit(beta.Device, 1);
        beta.Subscribe();
        cluster.Until(() => beta.Deliveries.Count == 1);

        Assert.IsType<Done>(again);
    }

    [Fact]
    public void What_expired_before_a_restart_is_taken_again_after_it()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        cluster.Nodes[1].Options.TimeToLive = TimeSpan.FromMinutes(2);
        (SimClient alpha, SimClient beta) = SimClient.Pair(cluster, 0, 1);
        var gamma = new SimClient(cluster, 3);
        gamma.Connect(cluster.Nodes[1]);

        // The first message stays, so that the journal must say of the second that it is there no longer.
        alpha.Deposit(beta.Device, 1);
        gamma.Deposit(beta.Device, 2);
        cluster.Advance(TimeSpan.FromMinutes(4));
        cluster.Nodes.ForEach(node => node.Kill());
        cluster.StartAll();
        gamma.Connect(cluster.Nodes[1]);
        beta.Connect(cluster.Nodes[1]);
        gamma.Deposit(beta.Device, 2);
        beta.Subscribe();
        cluster.Until(() => beta.DeliveredIds.Count() == 2);

        Assert.Equal([SimClient.Id(1), SimClient.Id(2)], beta.DeliveredIds.Order());
    }
}
