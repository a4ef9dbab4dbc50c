using SigmaComms.Cluster.Storage.Repair;
using SigmaComms.Cryptography;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Tests.Storage.Repair;

public sealed class RebalanceTests
{
    [Fact]
    public async Task A_node_that_joins_gets_its_share_and_no_fragment_is_ever_without_a_copy()
    {
        using StorageCluster cluster = new(nodes: 9, data: 4, parity: 2);
        await cluster.WriteAsync(stripes: 60);
        int total = cluster.Written.Count;
        int fewest = int.MaxValue;
        cluster.Join();
        foreach (StorageHost host in cluster.Hosts)
        {
            host.OnAsked = () => fewest = Math.Min(
                fewest, cluster.Hosts.SelectMany(h => h.Shelf.Ids).Distinct().Count());
        }

        RoundResult result = await cluster.RepairAllAsync();

        Assert.Equal(0, result.Open);
        Assert.Equal(total, fewest);
        await cluster.AssertWholeAsync();
        long moved = cluster.Hosts.Sum(host => host.Figures.Moved);
        Assert.Equal(0, cluster.Hosts.Sum(host => host.Figures.Rebuilt));
        Assert.InRange(moved, total * 0.5 / 10, total * 2.5 / 10);
    }

    [Fact]
    public async Task A_node_that_returns_whole_makes_the_rebuilt_copies_go()
    {
        using StorageCluster cluster = new(nodes: 7, data: 4, parity: 2);
        await cluster.WriteAsync(stripes: 20);
        StorageHost victim = cluster.Hosts[2];
        cluster.Kill(victim);
        await cluster.RepairAllAsync();

        cluster.Revive(victim);
        RoundResult result = await cluster.RepairAllAsync();

        Assert.Equal(0, result.Open);
        Assert.Equal(0, cluster.Hosts.Sum(host => host.Figures.Moved));
        await cluster.AssertWholeAsync();
    }

    [Fact]
    public async Task A_node_that_returns_empty_gets_back_what_belongs_to_it()
    {
        using StorageCluster cluster = new(nodes: 7, data: 4, parity: 2);
        await cluster.WriteAsync(stripes: 20);
        StorageHost victim = cluster.Hosts[2];
        cluster.Kill(victim);
        await cluster.RepairAllAsync();
        victim.LoseDisk();
        cluster.Restart(victim);

        cluster.Revive(victim);
        RoundResult result = await cluster.RepairAllAsync();

        Assert.Equal(0, result.Open);
        await cluster.AssertWholeAsync();
    }

    [Fact]
    public async Task A_node_that_is_drained_gives_up_all_it_has()
    {
        using StorageCluster cluster = new(nodes: 8, data: 4, parity: 2);
        await cluster.WriteAsync(stripes: 20);
        StorageHost leaving = cluster.Hosts[4];
        cluster.Drain(leaving);

        RoundResult result = await cluster.RepairAllAsync();

        Assert.Equal(0, result.Open);
        Assert.Empty(leaving.Shelf.Ids);
        await cluster.AssertWholeAsync();
    }

    [Fact]
    public async Task What_an_evicted_node_had_is_rebuilt()
    {
        using StorageCluster cluster = new(nodes: 8, data: 4, parity: 2);
        await cluster.WriteAsync(stripes: 20);
        cluster.Evict(cluster.Hosts[4]);

        await cluster.RepairAllAsync();
        RoundResult result = await cluster.RepairAllAsync();

        Assert.Equal(0, result.Open);
        await cluster.AssertWholeAsync();
    }

    [Fact]
    public async Task Without_a_quorum_of_the_log_no_copy_is_given_up()
    {
        using StorageCluster cluster = new(nodes: 6, data: 4, parity: 2);
        await cluster.WriteAsync(stripes: 20);
        int before = cluster.Hosts.Sum(host => host.Shelf.Ids.Count);
        StorageHost joined = cluster.Join();
        cluster.HasQuorum = false;

        RoundResult result = await cluster.RepairAllAsync();

        Assert.True(result.Open > 0);
        Assert.NotEmpty(joined.Shelf.Ids);
        Assert.Equal(
            before + cluster.Hosts.Sum(host => host.Figures.Moved), cluster.Hosts.Sum(host => host.Shelf.Ids.Count));
    }

    [Fact]
    public async Task Before_the_nodes_have_settled_no_copy_is_given_up()
    {
        using StorageCluster cluster = new(nodes: 6, data: 4, parity: 2);
        await cluster.WriteAsync(stripes: 20);
        foreach (StorageHost host in cluster.Hosts)
        {
            cluster.RoundOf(host);
        }

        cluster.Time.Advance(cluster.Options.SettleTime);
        cluster.Join();
        foreach (StorageHost host in cluster.Hosts)
        {
            await cluster.RepairAsync(host);
        }

        Assert.Equal(0, cluster.Hosts.Sum(host => host.Figures.Surplus));
        Assert.Equal(0, (await cluster.RepairAllAsync()).Open);
        await cluster.AssertWholeAsync();
    }

    [Fact]
    public async Task Whenever_a_move_is_cut_short_no_fragment_is_lost_and_another_round_ends_it()
    {
        for (int calls = 1; calls < 160; calls += 7)
        {
            using StorageCluster cluster = new(nodes: 6, data: 4, parity: 2);
            await cluster.WriteAsync(stripes: 4);
            cluster.Join();
            foreach (StorageHost host in cluster.Hosts)
            {
                cluster.RoundOf(host);
            }

            cluster.Time.Advance(cluster.Options.SettleTime);
            using CancellationTokenSource crash = new();
            int left = calls;
            foreach (StorageHost host in cluster.Hosts)
            {
                host.OnAsked = () =>
                {
                    if (--left == 0)
                    {
                        crash.Cancel();
                    }
                };
            }

            foreach (StorageHost host in cluster.Hosts)
            {
                try
                {
                    await cluster.RepairAsync(host, crash.Token);
                }
                catch (OperationCanceledException)
                {
                    cluster.Restart(host);
                }
            }

            foreach (FragmentLabel label in cluster.Written)
            {
                Assert.NotEmpty(await cluster.HoldersOfAsync(label));
            }

            Assert.Equal(0, (await cluster.RepairAllAsync()).Open);
            await cluster.AssertWholeAsync();
        }
    }

    [Fact]
    public async Task Two_nodes_that_go_by_different_epochs_never_both_give_up_their_copy()
    {
        int seed = Random.Shared.Next();
        Console.WriteLine($"seed {seed}");
        Random random = new(seed);
        using StorageCluster cluster = new(nodes: 6, data: 2, parity: 1);
        await cluster.WriteAsync(stripes: 20);
        for (int turn = 0; turn < 60; turn++)
        {
            switch (random.Next(4))
            {
                case 0 when cluster.Hosts.Count < 12:
                    cluster.Join();
                    break;
                case 1:
                    cluster.Kill(cluster.Hosts[random.Next(2)]);
                    break;
                case 2:
                    cluster.Revive(cluster.Hosts[0]);
                    cluster.Revive(cluster.Hosts[1]);
                    break;
                default:
                    cluster.Time.Advance(TimeSpan.FromSeconds(random.Next(90)));
                    break;
            }

            StorageHost host = cluster.Hosts[random.Next(cluster.Hosts.Count)];
            if (!host.IsDown)
            {
                await cluster.RepairAsync(host);
            }

            HashSet<FragmentId> there = [.. cluster.Hosts.SelectMany(h => h.Shelf.Ids)];
            Assert.All(cluster.Written, label => Assert.Contains(label.Id, there));
        }
    }
}
