using SigmaComms.Actors.Health;
using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Health;

namespace SigmaComms.Node.Web;

/// <summary>What operators can ask about a node. All may be called from any thread.</summary>
/// <param name="Report">One verdict with its reasons.</param>
/// <param name="Tree">All actors at this moment.</param>
/// <param name="Metrics">The figures in Prometheus' text format.</param>
internal sealed record ObservedByOperators(
    Func<HealthReport> Report, Func<TreeSnapshot> Tree, Func<ReadOnlyMemory<byte>> Metrics)
{
    /// <summary>How the node's replica of the control log stands; null if it has none.</summary>
    public Func<ControlStatus>? Control { get; init; }

    /// <summary>The state after the last final block there; null if it has none.</summary>
    public Func<ControlReading>? Ledger { get; init; }
}
