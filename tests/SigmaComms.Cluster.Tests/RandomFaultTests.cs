using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Messaging.Links;
using Xunit.Abstractions;

namespace SigmaComms.Cluster.Tests;

public sealed class RandomFaultTests(ITestOutputHelper output)
{
    private const int Steps = 60;

    [Theory]
    [InlineData(101)]
    [InlineData(102)]
    [InlineData(103)]
    [InlineData(104)]
    [InlineData(105)]
    [InlineData(106)]
    [InlineData(107)]
    [InlineData(108)]
    public void Every_message_answered_done_is_delivered_after_kills_freezes_and_partitions_have_healed(int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using SimCluster cluster = SimCluster.OfUpNodes(5);
        var sender = new SimClient(cluster, 1);
        var receiver = new SimClient(cluster, 2);
        var deposits = new Dictionary<int, Task<LinkMessage>>();
        var faults = new Faults(cluster, random);

        for (int step = 0; step < Steps; step++)
        {
            faults.Next();
            Reconnect(cluster, random, sender, subscribe: false);
            Reconnect(cluster, random, receiver, subscribe: random.Next(3) > 0);
            for (int i = 0; i < 3 && sender.IsConnected; i++)
            {
                int id = deposits.Count;
                deposits.Add(id, cluster.Start(() => sender.RequestAsync(
                    new Deposit(receiver.Device, SimClient.Id(id), new byte[100]))));
            }

            cluster.Advance(TimeSpan.FromMilliseconds(random.Next(20, 1_500)));
        }

        faults.HealAll();
        cluster.Until(cluster.AllUp, seconds: 60);
        cluster.Until(() => deposits.Values.All(deposit => deposit.IsCompleted));
        receiver.Disconnect();
        cluster.Advance(TimeSpan.FromSeconds(1));
        receiver.Connect(cluster.Nodes[0]);
        Assert.IsType<Done>(receiver.Subscribe());
        Digest16[] done = [.. deposits
            .Where(pair => pair.Value.IsCompletedSuccessfully && cluster.Await(pair.Value) is Done)
            .Select(pair => SimClient.Id(pair.Key))];
        cluster.Until(() => done.All(new HashSet<Digest16>(receiver.DeliveredIds).Contains), seconds: 60);

        output.WriteLine($"{deposits.Count} deposits, {done.Length} done, {receiver.Deliveries.Count} deliveries");
        Assert.NotEmpty(done);
        Assert.All(receiver.DeliveredIds, id => Assert.Contains(id, deposits.Keys.Select(SimClient.Id)));
    }

    private static void Reconnect(SimCluster cluster, Random random, SimClient client, bool subscribe)
    {
        if (client.IsConnected)
        {
            return;
        }

        SimNode[] reachable = [.. cluster.Nodes.Where(node => node.IsAlive && !node.Host.IsFrozen)];
        SimNode node = reachable[random.Next(reachable.Length)];
        cluster.Start(async () =>
        {
            LinkMessage welcome = await client.ConnectAsync(node);
            return subscribe && welcome is Welcome ? await client.RequestAsync(new Subscribe(client.Device)) : welcome;
        });
        cluster.Advance(TimeSpan.FromMilliseconds(1));
    }

    /// <summary>At most two nodes at once are dead or frozen, and any two may be cut from each other.</summary>
    private sealed class Faults(SimCluster cluster, Random random)
    {
        private readonly List<SimNode> _dead = [];
        private readonly List<SimNode> _frozen = [];

        public void Next()
        {
            SimNode node = cluster.Nodes[random.Next(cluster.Nodes.Count)];
            SimNode other = cluster.Nodes[random.Next(cluster.Nodes.Count)];
            bool mayFail = _dead.Count + _frozen.Count < 2 && node.IsAlive && !node.Host.IsFrozen;
            switch (random.Next(8))
            {
                case 0 when mayFail:
                    node.Kill();
                    _dead.Add(node);
                    break;
                case 1 when mayFail:
                    node.Host.Freeze();
                    _frozen.Add(node);
                    break;
                case 2 when node != other:
                    cluster.Network.Cut(node.Id, other.Id);
                    break;
                case 3:
                    cluster.Network.MendAll();
                    break;
                case 4 or 5:
                    HealOne();
                    break;
            }
        }

        public void HealAll()
        {
            cluster.Network.MendAll();
            while (_dead.Count + _frozen.Count > 0)
            {
                HealOne();
            }
        }

        private void HealOne()
        {
            if (_dead.Count > 0)
            {
                cluster.Await(_dead[0].Start(cluster.Log));
                _dead.RemoveAt(0);
            }
            else if (_frozen.Count > 0)
            {
                _frozen[0].Host.Thaw();
                _frozen.RemoveAt(0);
            }
        }
    }
}
