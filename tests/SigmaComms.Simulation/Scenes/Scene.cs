using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Consensus;
using SigmaComms.Simulation.Clients;
using SigmaComms.Simulation.Keys;
using SigmaComms.Simulation.Misbehaviours;
using SigmaComms.Simulation.Nodes;
using SigmaComms.Simulation.Runs;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Scenes;

/// <summary>A small cluster in which a test says what goes wrong; the invariants watch as in every run.</summary>
internal sealed class Scene
{
    private readonly List<SimClient> _clients = [];

    public Scene(int validators, ulong seed = 1, int spares = 0, NodeOptions? options = null)
    {
        World = new World(seed, Genesis.Of(FastScheme.Short, validators));
        NodeOptions all = options ?? new NodeOptions
        {
            DiskRates = new FaultRates { SyncFor = TimeSpan.FromMicroseconds(300) },
        };
        for (int i = 0; i < validators + spares; i++)
        {
            World.Add(new SimNode(World, i, World.Genesis.Identities[i], all, ((int)seed * 100) + i));
        }
    }

    public World World { get; }

    public IReadOnlyList<SimNode> Nodes => World.Nodes;

    /// <summary>The node at a place among the first voters.</summary>
    public SimNode At(int place) =>
        World.NodesOf(World.Genesis.Foundation.Ledger.Validators[place].Node)[0];

    public SimNode LeaderOf(ulong view) =>
        At(World.Genesis.Foundation.Ledger.Validators.LeaderOf(new View(view)));

    public void Start()
    {
        foreach (SimNode node in Nodes)
        {
            node.Boot();
        }

        RunFor(20);
    }

    /// <summary>A second machine with a node's key.</summary>
    public SimNode AddTwin(SimNode of)
    {
        SimRandom random = World.Random.Fork("twin");
        of.Misbehaviour = new Twin(random);
        SimNode twin = new(World, Nodes.Count, of.Identity, of.Options, 977) { Misbehaviour = new Twin(random) };
        return World.Add(twin);
    }

    /// <summary>A client that asks so many things.</summary>
    public SimClient Ask(int operations = 1)
    {
        SimClient client = new(World, _clients.Count, operations, TimeSpan.FromMilliseconds(1), HostFlaw.None);
        _clients.Add(client);
        client.Continue();
        return client;
    }

    public void RunFor(int milliseconds) =>
        World.Schedule.RunUntil(World.Schedule.Now + TimeSpan.FromMilliseconds(milliseconds));

    public bool RunUntil(Func<bool> condition, int milliseconds) =>
        World.Schedule.RunUntil(World.Schedule.Now + TimeSpan.FromMilliseconds(milliseconds), condition);

    /// <summary>Everything works again, and all that must hold in the end is checked.</summary>
    public void End()
    {
        World.Network.Filter = null;
        new Faults.Nemesis(World).Pacify();
        if (_clients.Count == 0)
        {
            Ask(0);
        }

        new EndGame(World, _clients).Play();
    }
}
