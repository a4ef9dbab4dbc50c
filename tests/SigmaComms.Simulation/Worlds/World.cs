using SigmaComms.Cryptography;
using SigmaComms.Simulation.Checks;
using SigmaComms.Simulation.Keys;
using SigmaComms.Simulation.Nodes;

namespace SigmaComms.Simulation.Worlds;

/// <summary>Everything of one run: clock, chance, links, nodes, and who watches them.</summary>
internal sealed class World
{
    /// <summary>When runs begin, UTC ticks.</summary>
    public const long BaseTicks = 638_000_000_000_000_000;

    /// <summary>D0 of all nodes.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<NodeId, List<SimNode>> _byId = [];

    public World(ulong seed, Genesis genesis)
    {
        Genesis = genesis;
        Random = new SimRandom(seed);
        Trace = new Trace(Schedule);
        Network = new Network(this, Random.Fork("network"));
        Oracle = new Oracle(this);
    }

    public Genesis Genesis { get; }

    public SimRandom Random { get; }

    public Schedule Schedule { get; } = new();

    public Trace Trace { get; }

    public Network Network { get; }

    public Oracle Oracle { get; }

    public List<SimNode> Nodes { get; } = [];

    public long UtcNow => BaseTicks + Schedule.Now.Ticks;

    /// <summary>Nodes of which nothing is expected but that they cannot harm: at most f of those that vote.</summary>
    public IEnumerable<SimNode> Honest => Nodes.Where(node => !node.IsByzantine);

    public SimNode Add(SimNode node)
    {
        Nodes.Add(node);
        if (!_byId.TryGetValue(node.Id, out List<SimNode>? nodes))
        {
            _byId[node.Id] = nodes = [];
        }

        nodes.Add(node);
        return node;
    }

    public IReadOnlyList<SimNode> NodesOf(NodeId id) => _byId.TryGetValue(id, out List<SimNode>? nodes) ? nodes : [];
}
