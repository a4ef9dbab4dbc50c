using SigmaComms.Actors.TestKit;
using SigmaComms.Actors.TestKit.Exploration;
using SigmaComms.Cluster.Membership;
using SigmaComms.Cluster.Telemetry;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests.Exploration;

/// <summary>
/// Mailboxes whose owners change because membership does, on explored steps: asked by an older view, an owner that is
/// none any more refuses, and the asker finds the new ones; nothing is lost or doubled on the way.
/// </summary>
public sealed class ViewChangeExplorationTests : IDisposable
{
    private static readonly NodeId Sender = SimCluster.IdentityOf(3_001).Id;

    private readonly NodeMeter _meter = new();

    public void Dispose() => _meter.Dispose();

    [Fact]
    public void A_stale_asker_is_told_the_newer_view_and_goes_to_the_new_owners()
    {
        new Explorer(StaleAskerAsync).Check(runs: 40);
    }

    [Fact]
    public void A_stale_owner_learns_the_newer_view_before_it_answers()
    {
        new Explorer(StaleOwnerAsync).Check(runs: 40);
    }

    [Fact]
    public void Two_views_that_grew_apart_become_one_when_their_nodes_meet()
    {
        new Explorer(CrossingViewsAsync).Check(runs: 40);
    }

    [Fact]
    public void A_node_that_comes_in_the_middle_of_deposits_loses_and_doubles_nothing_and_the_old_owner_drains()
    {
        new Explorer(ChangeInTheMiddleAsync).Check(runs: 60);
    }

    // The asker knows two nodes, the owner it asks a third and better one.
    private async Task StaleAskerAsync(TestSystem test)
    {
        (NodeId device, int[] rank) = Ranked();
        ExploredNode asker = Node(test, rank[1], [rank[1], rank[2]]);
        ExploredNode old = Node(test, rank[2], rank);
        ExploredNode young = Node(test, rank[0], rank);
        LinkAll(asker, old, young);
        asker.Context.Devices.Add(device);
        ulong before = asker.Context.View.Membership.Number;

        LinkMessage refused = await asker.Context.Links.Find(old.Id)!.Bulk.RequestAsync(
            new Store(device, ExploredNode.Message(9))
            {
                Claim = asker.Context.ClaimFor(device, [asker.Id, old.Id]),
            },
            TimeSpan.FromSeconds(5), default);
        LinkMessage answer = await asker.Router.DepositAsync(Sender, Deposit(device, 1));

        Refused stale = Assert.IsType<Refused>(refused);
        Assert.Equal(RefusalReason.StaleView, stale.Reason);
        Assert.Equal(old.Context.View.Membership.Number, stale.ViewNumber);
        Assert.True(stale.ViewNumber > before);
        Assert.IsType<Done>(answer);
        Assert.Equal(old.Context.View.Membership, asker.Context.View.Membership);
        Assert.Equal([SimClient.Id(1)], await HeldAsync(test, young, device));
        Assert.Empty(await HeldAsync(test, old, device));
    }

    // The asker knows three nodes, the one it asks as an owner only two.
    private async Task StaleOwnerAsync(TestSystem test)
    {
        (NodeId device, int[] rank) = Ranked();
        ExploredNode asker = Node(test, rank[2], rank);
        ExploredNode one = Node(test, rank[0], [rank[0], rank[2]]);
        ExploredNode two = Node(test, rank[1], [rank[1], rank[2]]);
        LinkAll(asker, one, two);
        asker.Context.Devices.Add(device);

        LinkMessage answer = await asker.Router.DepositAsync(Sender, Deposit(device, 1));

        Assert.IsType<Done>(answer);
        Assert.Equal(asker.Context.View.Membership, one.Context.View.Membership);
        Assert.Equal(asker.Context.View.Membership, two.Context.View.Membership);
        Assert.Equal([SimClient.Id(1)], await HeldAsync(test, one, device));
        Assert.Equal([SimClient.Id(1)], await HeldAsync(test, two, device));
    }

    // Each knows one that the other does not; the numbers are the same.
    private async Task CrossingViewsAsync(TestSystem test)
    {
        (NodeId device, int[] rank) = Ranked();
        ExploredNode asker = Node(test, rank[3], rank[1..]);
        ExploredNode old = Node(test, rank[2], [rank[0], rank[2], rank[3]]);
        ExploredNode one = Node(test, rank[0], rank);
        ExploredNode two = Node(test, rank[1], rank);
        LinkAll(asker, old, one, two);
        asker.Context.Devices.Add(device);
        Assert.Equal(asker.Context.View.Membership.Number, old.Context.View.Membership.Number);
        Assert.NotEqual(asker.Context.View.Membership, old.Context.View.Membership);

        LinkMessage answer = await asker.Router.DepositAsync(Sender, Deposit(device, 1));

        Assert.IsType<Done>(answer);
        Assert.Equal(one.Context.View.Membership, old.Context.View.Membership);
        Assert.Equal(one.Context.View.Membership, asker.Context.View.Membership);
        Assert.Equal([SimClient.Id(1)], await HeldAsync(test, one, device));
        Assert.Equal([SimClient.Id(1)], await HeldAsync(test, two, device));
        Assert.Empty(await HeldAsync(test, old, device));
    }

    // Two senders deposit through two nodes while a better node comes and each learns of it at another moment.
    private async Task ChangeInTheMiddleAsync(TestSystem test)
    {
        (NodeId device, int[] rank) = Ranked();
        int[] before = [rank[1], rank[2]];
        ExploredNode one = Node(test, rank[1], before);
        ExploredNode two = Node(test, rank[2], before);
        ExploredNode young = Node(test, rank[0], rank[..3]);
        MembershipView old = one.Context.View.Membership;
        LinkAll(one, two, young);
        one.Context.Devices.Add(device);
        two.Context.Devices.Add(device);
        List<Digest16> accepted = [];

        await Task.WhenAll(
            FillAsync(one, device, [1, 2, 3, 4], accepted),
            FillAsync(two, device, [11, 12, 13, 14], accepted),
            GrowAsync(one, rank[0]),
            GrowAsync(two, rank[0]));
        test.Advance(TimeSpan.FromSeconds(10));

        // Two owners hold each message once; whoever is none any more has handed over what it had and dropped it.
        Assert.Equal(8, accepted.Count);
        Assert.Equal(accepted.Order(), (await HeldAsync(test, young, device)).Order());
        Assert.Equal(accepted.Order(), (await HeldAsync(test, one, device)).Order());
        Assert.Empty(await HeldAsync(test, two, device));
        LinkMessage late = await one.Context.Links.Find(two.Id)!.Bulk.RequestAsync(
            new Store(device, ExploredNode.Message(99)) { Claim = new OwnershipClaim(old, 2, []) },
            TimeSpan.FromSeconds(5), default);
        Assert.Equal(RefusalReason.StaleView, Assert.IsType<Refused>(late).Reason);
    }

    private static async Task GrowAsync(ExploredNode node, int number)
    {
        await Task.Yield();
        node.Learn(number);
    }

    private static async Task FillAsync(ExploredNode entry, NodeId device, int[] numbers, List<Digest16> accepted)
    {
        foreach (int number in numbers)
        {
            Assert.IsType<Done>(await entry.Router.DepositAsync(Sender, Deposit(device, number)));
            accepted.Add(SimClient.Id(number));
        }
    }

    private static async Task<IReadOnlyList<Digest16>> HeldAsync(TestSystem test, ExploredNode node, NodeId device)
    {
        ExploredReader reader = new();
        Assert.IsType<Done>(await node.OpenAsync(device, reader, stamp: 9));
        test.RunUntilIdle();
        return [.. reader.Delivered];
    }

    /// <summary>A device, and four nodes from the best to the worst for its mailbox.</summary>
    private static (NodeId Device, int[] Rank) Ranked()
    {
        NodeId device = SimCluster.IdentityOf(2_001).Id;
        IReadOnlyList<NodeId> rank = Ranking.Of(device, Enumerable.Range(1, 4).Select(Id));
        return (device, [.. rank.Select(node => Enumerable.Range(1, 4).Single(number => Id(number) == node))]);

        static NodeId Id(int number) => SimCluster.IdentityOf(number).Id;
    }

    private static Deposit Deposit(NodeId device, int number) =>
        new(device, SimClient.Id(number), new byte[] { (byte)number });

    private static void LinkAll(params ExploredNode[] nodes)
    {
        for (int i = 0; i < nodes.Length; i++)
        {
            for (int j = i + 1; j < nodes.Length; j++)
            {
                ExploredNode.Link(nodes[i], nodes[j]);
            }
        }
    }

    private ExploredNode Node(TestSystem test, int number, int[] members) => new(test, _meter, number, members);
}
