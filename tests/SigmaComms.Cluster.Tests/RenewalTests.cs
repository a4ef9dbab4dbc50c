using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests;

/// <summary>Links between nodes get new handshakes, and the cluster does not notice.</summary>
public sealed class RenewalTests
{
    [Fact]
    public void Links_between_nodes_are_renewed_while_messages_flow_and_nobody_is_suspected()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(
            3, options => options.HandshakeInterval = TimeSpan.FromSeconds(20));
        var alpha = new SimClient(cluster, 1);
        var beta = new SimClient(cluster, 2);
        Assert.IsType<Welcome>(alpha.Connect(cluster.Nodes[0]));
        Assert.IsType<Welcome>(beta.Connect(cluster.Nodes[1]));
        Assert.IsType<Done>(beta.Subscribe());
        int before = cluster.Network.Connections;
        int lines = cluster.Log.Lines.Count;

        for (int i = 1; i <= 100; i++)
        {
            Assert.IsType<Done>(alpha.Deposit(beta.Device, i));
            cluster.Advance(TimeSpan.FromSeconds(1));
        }

        cluster.Until(() => beta.DeliveredIds.Count() == 100);

        // Two lanes for each of three pairs, five times or six.
        Assert.InRange(cluster.Network.Connections - before, 24, 36);
        Assert.Equal(Enumerable.Range(1, 100).Select(SimClient.Id), beta.Deliveries.Select(one => one.MessageId));
        Assert.True(cluster.AllUp());
        string lost = string.Join('\n', cluster.Log.Lines.Skip(lines).Where(
            line => line.Contains("Lost node", StringComparison.Ordinal)));
        Assert.True(lost.Length == 0, lost);
    }
}
