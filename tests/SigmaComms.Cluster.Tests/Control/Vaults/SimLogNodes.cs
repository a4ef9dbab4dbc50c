using SigmaComms.Client.Vaults.Ordering;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Tests.Control.Vaults;

/// <summary>The nodes of the simulation as a client's device asks them, over a link to each.</summary>
internal sealed class SimLogNodes(SimCluster cluster, int number) : ILogNodes
{
    private readonly Dictionary<NodeId, SimClient> _links = [];
    private readonly HashSet<NodeId> _distrusted = [];
    private NodeId? _preferred;

    /// <summary>Whose answer is lost on its way.</summary>
    public Func<LinkMessage, bool> Loses { get; set; } = static _ => false;

    public SimIdentity Device { get; } = SimCluster.IdentityOf(2_000 + number);

    public void Distrust(NodeId node) => _distrusted.Add(node);

    public async Task<AskedNode?> AskAsync(
        LinkMessage request, Func<NodeId, bool> mayAsk, TimeSpan patience, CancellationToken ct)
    {
        foreach (SimNode node in cluster.Nodes
            .OrderBy(node => _distrusted.Contains(node.Id)).ThenBy(node => node.Id != _preferred).ToArray())
        {
            if (!mayAsk(node.Id) || await LinkAsync(node) is not { } client)
            {
                continue;
            }

            try
            {
                LinkMessage answer = await client.Link.RequestAsync(request, patience, ct);
                _preferred = node.Id;
                return new AskedNode(node.Id, Loses(answer) ? null : answer);
            }
            catch (LinkException)
            {
                return new AskedNode(node.Id, null);
            }
        }

        return null;
    }

    private async Task<SimClient?> LinkAsync(SimNode node)
    {
        if (_links.TryGetValue(node.Id, out SimClient? known) && known.IsConnected)
        {
            return known;
        }

        SimClient client = new(cluster, number);
        try
        {
            await client.ConnectAsync(node);
        }
        catch (LinkException)
        {
            return null;
        }

        _links[node.Id] = client;
        return client;
    }
}
