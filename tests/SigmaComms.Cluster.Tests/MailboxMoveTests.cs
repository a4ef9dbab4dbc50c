using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests;

/// <summary>Whole simulated nodes: mailboxes whose owners change, since others are admitted or no longer are.</summary>
public sealed class MailboxMoveTests
{
    [Fact]
    public void Nodes_that_join_in_the_middle_of_deposits_lose_and_double_nothing_and_take_over_their_mailboxes()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        (SimClient alpha, SimClient beta) = Pair(cluster);
        const int count = 60;
        List<Task<LinkMessage>> deposits = [];
        void DepositSome(int from) => deposits.AddRange(Enumerable.Range(from, count / 3).Select(i => cluster.Start(
            () => alpha.RequestAsync(new Deposit(beta.Device, SimClient.Id(i), new byte[10])))));

        DepositSome(0);
        Task late = cluster.AddNode(4).Start(cluster.Log);
        DepositSome(count / 3);
        cluster.Await(late);
        late = cluster.AddNode(5).Start(cluster.Log);
        DepositSome(count / 3 * 2);
        cluster.Await(late);
        cluster.Until(() => deposits.All(deposit => deposit.IsCompleted) && cluster.AllUp());
        cluster.Advance(TimeSpan.FromSeconds(10));
        long[] kept = [.. cluster.Ranked(beta.Device).Select(node => node.Node.Health().Mailboxes)];
        beta.Subscribe();
        cluster.Until(() => beta.DeliveredIds.Count() == count);

        Assert.All(deposits, deposit => Assert.IsType<Done>(cluster.Await(deposit)));
        Assert.Equal(count, beta.Deliveries.Count);
        Assert.Equal([1L, 1, 0, 0, 0], kept);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_node_whose_admission_ended_is_passed_over_also_by_one_that_started_later(int place)
    {
        using var cluster = new SimCluster();
        for (int i = 1; i <= 4; i++)
        {
            cluster.AddNode(i);
        }

        (SimNode ending, SimNode entry) = Roles(cluster, place);
        DateTimeOffset end = cluster.Now.AddSeconds(20);
        ending.Options.Admission = cluster.Admit(ending.Identity, $"n{ending.Number}", end).Encoded;
        cluster.StartAll();
        cluster.Advance(TimeSpan.FromSeconds(21));
        ending.Kill();
        entry.Kill();
        cluster.Await(entry.Start(cluster.Log));
        cluster.Until(cluster.AllUp);
        var alpha = new SimClient(cluster, 1);
        var beta = new SimClient(cluster, 2);
        alpha.Connect(entry);
        beta.Connect(entry);

        LinkMessage answer = alpha.Deposit(beta.Device, 1);
        beta.Subscribe();
        cluster.Until(() => beta.Deliveries.Count == 1);

        Assert.IsType<Done>(answer);
        Assert.Equal(3, entry.Node.Status().Members.Count);
    }

    /// <summary>The node at a place of the rank of client 2's mailbox, and the last one of that rank.</summary>
    private static (SimNode Ending, SimNode Entry) Roles(SimCluster cluster, int place)
    {
        SimNode[] ranked = cluster.Ranked(new SimClient(cluster, 2).Device);
        return (ranked[place], ranked[^1]);
    }

    private static (SimClient Alpha, SimClient Beta) Pair(SimCluster cluster)
    {
        var alpha = new SimClient(cluster, 1);
        var beta = new SimClient(cluster, 2);
        alpha.Connect(cluster.Nodes[0]);
        beta.Connect(cluster.Nodes[1]);
        return (alpha, beta);
    }
}
