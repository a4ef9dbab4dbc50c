using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests;

/// <summary>Mailboxes on nodes whose disk has no room.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public void Full_disks_refuse_and_nothing_acknowledged_is_lost_and_it_works_again_with_room()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        (SimClient alpha, SimClient beta) = SimClient.Pair(cluster, 0, 1);
        alpha.Deposit(beta.Device, 1);

        cluster.Nodes.ForEach(node => node.Store.IsFull = true);
        LinkMessage refused = alpha.Deposit(beta.Device, 2);
        bool[] failing = [.. cluster.Nodes.Select(node => node.Node.Health().IsStorageFailing)];
        cluster.Nodes.ForEach(node => node.Store.IsFull = false);
        LinkMessage after = alpha.Deposit(beta.Device, 3);
        beta.Subscribe();
        cluster.Until(() => beta.Deliveries.Count == 2);

        Assert.Equal(RefusalReason.StorageFailed, Assert.IsType<Refused>(refused).Reason);
        Assert.All(failing, Assert.True);
        Assert.IsType<Done>(after);
        Assert.Equal([SimClient.Id(1), SimClient.Id(3)], beta.DeliveredIds);
        Assert.Contains(cluster.Nodes, node => !node.Node.Health().IsStorageFailing);
    }

    [Fact]
    public void One_full_disk_is_worked_around()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        (SimClient alpha, SimClient beta) = SimClient.PairAwayFromHolders(cluster);
        cluster.Ranked(beta.Device)[0].Store.IsFull = true;

        LinkMessage answer = alpha.Deposit(beta.Device, 1);
        beta.Subscribe();
        cluster.Until(() => beta.Deliveries.Count >= 1);

        Assert.IsType<Done>(answer);
    }

    [Fact]
    public void A_disk_that_takes_small_writes_only_is_worked_around_for_good()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        (SimClient alpha, SimClient beta) = SimClient.PairAwayFromHolders(cluster);
        SimNode full = cluster.Ranked(beta.Device)[0];
        full.Store.RoomBytes = 40;
        beta.Subscribe();

        LinkMessage[] answers = [.. Enumerable.Range(0, 20).Select(i => Told(i))];
        cluster.Until(() => beta.DeliveredIds.Count() == 20);
        bool[] failing = [.. Enumerable.Range(0, 20).Select(_ => IsFailingASecondLater())];
        full.Store.RoomBytes = null;
        cluster.Until(() => !full.Node.Health().IsStorageFailing);

        Assert.All(answers, answer => Assert.IsType<Done>(answer));
        Assert.All(failing, Assert.True);

        LinkMessage Told(int number)
        {
            cluster.Advance(TimeSpan.FromMilliseconds(700));
            return alpha.Deposit(beta.Device, number);
        }

        bool IsFailingASecondLater()
        {
            cluster.Advance(TimeSpan.FromSeconds(1));
            return full.Node.Health().IsStorageFailing;
        }
    }
}
