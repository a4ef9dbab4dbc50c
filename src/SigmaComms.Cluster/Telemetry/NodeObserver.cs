using Microsoft.Extensions.Logging;
using SigmaComms.Actors;
using SigmaComms.Actors.Health;
using SigmaComms.Cluster.Health;

namespace SigmaComms.Cluster.Telemetry;

/// <summary>Sees the whole node from outside its actors: tree, figures, health. Safe to call from any thread.</summary>
internal sealed class NodeObserver : IDisposable
{
    private readonly ActorSystem _system;
    private readonly string _root;
    private readonly Func<NodeHealth> _health;
    private readonly HealthMonitor _monitor;

    public NodeObserver(NodeContext node, ActorSystem system, string root, Func<NodeHealth> health, ILogger logger)
    {
        _system = system;
        _root = root;
        _health = health;
        Logger = logger;
        _monitor = new HealthMonitor(node.Time, node.Options, node.Admission.Name, node.Incarnation);
        Meter = node.Meter;
        Meter.Observe(node, system, health);
    }

    /// <summary>Where actors' events and health go.</summary>
    public ILogger Logger { get; }

    /// <summary>The node's figures.</summary>
    public NodeMeter Meter { get; }

    /// <summary>All actors at this moment.</summary>
    public TreeSnapshot Tree()
    {
        TreeSnapshot tree = _system.Tree();
        Meter.Show(tree);
        return tree;
    }

    /// <summary>One verdict with its reasons.</summary>
    public HealthReport Report() => _monitor.Judge(Tree(), _root, _health());

    /// <summary>Remembers a failure for the report and the figures.</summary>
    public void NoteFailure(ActorFailed failed)
    {
        Meter.NoteFailure(failed.Type);
        _monitor.NoteFailure(failed.Actor, failed.Cause);
    }

    public void Dispose() => Meter.Dispose();
}
