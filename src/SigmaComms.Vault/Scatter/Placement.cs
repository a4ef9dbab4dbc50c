using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Scatter;

/// <summary>Which nodes hold the fragments of a stripe, by the storage nodes of one membership epoch.</summary>
/// <remarks>
/// Weighted rendezvous: the same nodes give the same answer everywhere. No node gets a second fragment of a stripe
/// before every node has one, and among nodes with equally many, zones with fewest come first. Immutable; safe to call
/// from any thread.
/// </remarks>
public sealed class Placement
{
    /// <summary>The most storage nodes: 4,096.</summary>
    public const int NodesMax = 4096;

    private readonly StorageNode[] _nodes;
    private readonly int[] _zoneOf;
    private readonly int _zones;

    /// <summary>Takes over the storage nodes of an epoch, in any order.</summary>
    /// <param name="nodes">1 to 4,096, none twice.</param>
    /// <exception cref="ArgumentException">There is none, too many, one twice, or one of a wrong weight.</exception>
    public Placement(IEnumerable<StorageNode> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        _nodes = [.. nodes.OrderBy(node => node.Node)];
        if (_nodes.Length is 0 or > NodesMax
            || _nodes.DistinctBy(node => node.Node).Count() != _nodes.Length
            || _nodes.Any(node => node.Weight is < 1 or > StorageNode.WeightMax || node.Zone is null))
        {
            throw new ArgumentException("There are 1 to 4,096 nodes, each once and with a weight.", nameof(nodes));
        }

        SortedDictionary<string, int> named = new(StringComparer.Ordinal);
        _zoneOf = new int[_nodes.Length];
        for (int i = 0; i < _nodes.Length; i++)
        {
            string zone = _nodes[i].Zone;
            if (zone.Length == 0 || !named.TryGetValue(zone, out _zoneOf[i]))
            {
                _zoneOf[i] = _zones++;
            }

            if (zone.Length > 0)
            {
                named[zone] = _zoneOf[i];
            }
        }
    }

    /// <summary>The nodes, ascending by id.</summary>
    public IReadOnlyList<StorageNode> Nodes => _nodes;

    /// <summary>Ranks the nodes for every fragment of a stripe.</summary>
    /// <param name="fragments">The ids of all k + m fragments, in order.</param>
    /// <returns>
    /// For each fragment all nodes: first the one that should hold it, then those to turn to when that one fails.
    /// </returns>
    public NodeId[][] Rank(IReadOnlyList<FragmentId> fragments)
    {
        ArgumentNullException.ThrowIfNull(fragments);
        ulong[][] costs = [.. fragments.Select(CostsOf)];
        int[] nodeLoads = new int[_nodes.Length];
        int[] zoneLoads = new int[_zones];
        int[] homes = new int[fragments.Count];
        for (int i = 0; i < homes.Length; i++)
        {
            homes[i] = Cheapest(costs[i], nodeLoads, zoneLoads);
            nodeLoads[homes[i]]++;
            zoneLoads[_zoneOf[homes[i]]]++;
        }

        NodeId[][] ranks = new NodeId[homes.Length][];
        for (int i = 0; i < homes.Length; i++)
        {
            ranks[i] = RankOf(homes[i], costs[i], nodeLoads, zoneLoads);
        }

        return ranks;
    }

    private ulong[] CostsOf(FragmentId fragment)
    {
        ulong[] costs = new ulong[_nodes.Length];
        for (int i = 0; i < costs.Length; i++)
        {
            costs[i] = RendezvousCost.Of(fragment, _nodes[i]);
        }

        return costs;
    }

    private int Cheapest(ulong[] costs, int[] nodeLoads, int[] zoneLoads)
    {
        int best = 0;
        for (int i = 1; i < costs.Length; i++)
        {
            (int, int, ulong) candidate = (nodeLoads[i], zoneLoads[_zoneOf[i]], costs[i]);
            if (candidate.CompareTo((nodeLoads[best], zoneLoads[_zoneOf[best]], costs[best])) < 0)
            {
                best = i;
            }
        }

        return best;
    }

    private NodeId[] RankOf(int home, ulong[] costs, int[] nodeLoads, int[] zoneLoads) =>
    [
        _nodes[home].Node,
        .. Enumerable.Range(0, costs.Length)
            .Where(i => i != home)
            .OrderBy(i => (nodeLoads[i], zoneLoads[_zoneOf[i]], costs[i]))
            .Select(i => _nodes[i].Node),
    ];
}
