using SigmaComms.Cluster.Storage;
using SigmaComms.Cluster.Storage.Repair;
using SigmaComms.Persistence.Fragments;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Tests.Storage.Repair;

public sealed class RepairRoundTests
{
    [Theory]
    [InlineData(6, 4, 2, 0)]
    [InlineData(6, 4, 2, 1)]
    [InlineData(6, 4, 2, 2)]
    [InlineData(6, 4, 2, 3)]
    [InlineData(6, 4, 2, 4)]
    [InlineData(6, 4, 2, 5)]
    [InlineData(4, 2, 2, 0)]
    [InlineData(4, 2, 2, 1)]
    [InlineData(4, 2, 2, 2)]
    [InlineData(4, 2, 2, 3)]
    public async Task Whichever_node_is_lost_its_fragments_are_rebuilt_once_each(
        int nodes, int data, int parity, int victim)
    {
        using StorageCluster cluster = new(nodes, data, parity);
        await cluster.WriteAsync(stripes: 12);
        int lost = cluster.Hosts[victim].Shelf.Ids.Count;
        int puts = cluster.Hosts.Sum(host => host.PutsTaken);
        cluster.Kill(cluster.Hosts[victim]);

        RoundResult result = await cluster.RepairAllAsync();

        Assert.Equal(0, result.Open);
        Assert.Equal(lost, cluster.Hosts.Sum(host => host.Figures.Rebuilt));
        await cluster.AssertWholeAsync();
        Assert.Equal(0, (await cluster.RepairAllAsync()).Open);
        Assert.Equal(lost, cluster.Hosts.Sum(host => host.Figures.Rebuilt));
        Assert.True(cluster.Hosts.Sum(host => host.PutsTaken) - puts <= lost);
    }

    [Theory]
    [InlineData(6, 4, 2)]
    [InlineData(8, 4, 2)]
    [InlineData(4, 2, 2)]
    public async Task Two_nodes_that_are_lost_at_once_are_rebuilt(int nodes, int data, int parity)
    {
        using StorageCluster cluster = new(nodes, data, parity);
        await cluster.WriteAsync(stripes: 12);
        cluster.Kill(cluster.Hosts[0]);
        cluster.Kill(cluster.Hosts[1]);

        RoundResult result = await cluster.RepairAllAsync();

        Assert.Equal(0, result.Open);
        await cluster.AssertWholeAsync();
    }

    [Fact]
    public async Task Stripes_with_the_fewest_survivors_come_first()
    {
        using StorageCluster cluster = new(nodes: 6, data: 4, parity: 2);
        await cluster.WriteAsync(stripes: 5);
        RepairFigures figures = new();
        RepairQueue queue = new(figures);
        FragmentLabel[] firsts = [.. cluster.Written.Where(label => label.Index == 0)];
        int[] survivors = [5, 3, 5, 4, 3];

        foreach ((FragmentLabel first, int count) in firsts.Zip(survivors))
        {
            IEnumerable<SiblingPlace> places = Enumerable.Range(0, 6).Select(i => new SiblingPlace(
                i, i < count ? Presence.Present : Presence.Lost, cluster.Hosts[i].Id));
            queue.Add(new StripeDamage(new StoredFragment(first, FragmentState.Live, default), [5], [.. places]));
        }

        List<FragmentLabel> order = [];
        while (queue.TryTake(out StoredFragment? next))
        {
            order.Add(next!.Label);
        }

        Assert.Equal([firsts[1], firsts[4], firsts[3], firsts[0], firsts[2]], order);
        Assert.Equal(0, figures.Queue);
    }

    [Fact]
    public async Task A_node_that_is_only_away_is_waited_for()
    {
        using StorageCluster cluster = new(nodes: 6, data: 4, parity: 2);
        await cluster.WriteAsync(stripes: 6);
        cluster.Hosts[0].IsDown = true;

        RoundResult result = await cluster.RepairAllAsync();

        Assert.True(result.Open > 0);
        Assert.Equal(0, cluster.Hosts.Sum(host => host.Figures.Rebuilt));
    }

    [Fact]
    public async Task A_damaged_fragment_is_mended_where_it_is()
    {
        using StorageCluster cluster = new(nodes: 6, data: 4, parity: 2);
        await cluster.WriteAsync(stripes: 4);
        StorageHost host = cluster.Hosts[3];
        foreach (FragmentId id in host.Shelf.Ids)
        {
            host.Shelf.Damage(id);
            await host.Shelf.GetAsync(id, 0, new byte[64], default);
            Assert.True(host.Shelf.IsQuarantined(id));
        }

        await cluster.RepairAllAsync();

        Assert.Equal(host.Shelf.Ids.Count, host.Figures.Rebuilt);
        await cluster.AssertWholeAsync();
    }

    [Fact]
    public async Task A_lying_sibling_poisons_nothing_and_another_is_taken()
    {
        using StorageCluster cluster = new(nodes: 6, data: 4, parity: 2);
        await cluster.WriteAsync(stripes: 8);
        cluster.Hosts[1].Lies = true;
        cluster.Kill(cluster.Hosts[0]);

        RoundResult result = await cluster.RepairAllAsync();

        Assert.Equal(0, result.Open);
        await cluster.AssertWholeAsync();
    }

    [Fact]
    public async Task Too_few_honest_siblings_rebuild_nothing_and_are_tried_again_later()
    {
        using StorageCluster cluster = new(nodes: 6, data: 4, parity: 2);
        await cluster.WriteAsync(stripes: 2);
        foreach (StorageHost liar in cluster.Hosts.Skip(1).Take(3))
        {
            liar.Lies = true;
        }

        cluster.Kill(cluster.Hosts[0]);
        int before = cluster.Hosts.Skip(1).Sum(host => host.Shelf.Ids.Count);

        RoundResult liars = await cluster.RepairAllAsync();
        int between = cluster.Hosts.Skip(1).Sum(host => host.Shelf.Ids.Count);
        cluster.Hosts[1].Lies = false;
        cluster.Hosts[2].Lies = false;
        RoundResult honest = await cluster.RepairAllAsync();

        Assert.True(liars.Open > 0);
        Assert.Equal(before, between);
        Assert.Equal(0, honest.Open);
        await cluster.AssertWholeAsync();
    }

    [Fact]
    public async Task When_the_rebuilder_dies_in_the_middle_the_next_one_does_it()
    {
        using StorageCluster cluster = new(nodes: 7, data: 4, parity: 2, options => options.StripesAtOnce = 1);
        await cluster.WriteAsync(stripes: 40);
        cluster.Kill(cluster.Hosts[0]);
        StorageHost? rebuilder = null;
        using CancellationTokenSource crash = new();
        foreach (StorageHost host in cluster.Hosts)
        {
            host.OnAsked = () =>
            {
                if (rebuilder!.Figures.Rebuilt == 1)
                {
                    crash.Cancel();
                }
            };
        }

        for (int i = 1; !crash.IsCancellationRequested; i++)
        {
            rebuilder = cluster.Hosts[i];
            await Task.WhenAny(cluster.RepairAsync(rebuilder, crash.Token));
        }

        foreach (StorageHost host in cluster.Hosts)
        {
            host.OnAsked = null;
        }

        cluster.Kill(rebuilder!);
        RoundResult result = await cluster.RepairAllAsync();

        Assert.Equal(1, rebuilder!.Figures.Rebuilt);
        Assert.Equal(0, result.Open);
        await cluster.AssertWholeAsync();
    }

    [Fact]
    public async Task No_node_gets_more_of_a_stripe_than_may_be_lost()
    {
        using StorageCluster cluster = new(nodes: 3, data: 2, parity: 1);
        await cluster.WriteAsync(stripes: 4);
        cluster.Kill(cluster.Hosts[0]);

        RoundResult result = await cluster.RepairAllAsync();

        Assert.True(result.Open > 0);
        Assert.Equal(0, cluster.Hosts.Sum(host => host.Figures.Rebuilt));
    }

    [Fact]
    public async Task A_node_that_is_cut_off_from_most_others_rebuilds_nothing()
    {
        using StorageCluster cluster = new(nodes: 5, data: 1, parity: 1);
        await cluster.WriteAsync(stripes: 10);
        foreach (StorageHost other in cluster.Hosts.Skip(2))
        {
            cluster.Kill(other);
        }

        await cluster.RepairAllAsync();

        Assert.Equal(0, cluster.Hosts.Sum(host => host.Figures.Rebuilt));
    }

    [Fact]
    public async Task What_no_entry_has_added_is_neither_rebuilt_nor_moved()
    {
        using StorageCluster cluster = new(nodes: 6, data: 4, parity: 2);
        cluster.IsKept = _ => false;
        await cluster.WriteAsync(stripes: 4);
        cluster.Kill(cluster.Hosts[0]);
        cluster.Join();

        await cluster.RepairAllAsync();

        Assert.Equal(0, cluster.Hosts.Sum(host => host.Figures.Rebuilt + host.Figures.Moved + host.Figures.Surplus));
    }

    [Fact]
    public async Task A_full_node_is_passed_over_for_the_next_in_rank()
    {
        using StorageCluster cluster = new(nodes: 8, data: 4, parity: 2);
        await cluster.WriteAsync(stripes: 8);
        cluster.Kill(cluster.Hosts[0]);
        cluster.Hosts[1].Shelf.IsFull = true;

        RoundResult result = await cluster.RepairAllAsync();

        Assert.Equal(0, result.Open);
        foreach (FragmentLabel label in cluster.Written)
        {
            Assert.Single(await cluster.HoldersOfAsync(label));
        }
    }

    [Fact]
    public async Task The_throttle_holds()
    {
        using StorageCluster cluster = new(
            nodes: 6, data: 4, parity: 2, options => options.BytesPerSecond = 128 << 10);
        await cluster.WriteAsync(stripes: 30);
        cluster.Kill(cluster.Hosts[0]);
        long fragment = cluster.Written[0].Length;
        double burst = 0.25 + (5.0 * fragment * cluster.Options.StripesAtOnce / cluster.Options.BytesPerSecond);
        long most = 0;

        foreach (StorageHost rebuilder in cluster.Hosts.Skip(1))
        {
            DateTimeOffset start = cluster.Time.GetUtcNow();
            await cluster.RepairAsync(rebuilder);

            double seconds = (cluster.Time.GetUtcNow() - start).TotalSeconds;
            double due = rebuilder.Figures.Rebuilt * 5.0 * fragment / cluster.Options.BytesPerSecond;
            Assert.InRange(seconds, Math.Max(0, due - burst), due + 1);
            most = Math.Max(most, rebuilder.Figures.Rebuilt);
        }

        Assert.True(most >= 6, "30 fragments were lost, and five nodes share them");
    }
}
