using SigmaComms.Actors.Health;
using SigmaComms.Cluster.Health;

namespace SigmaComms.Node.Web;

/// <summary>What operators can ask about a node. All may be called from any thread.</summary>
/// <param name="Report">One verdict with its reasons.</param>
/// <param name="Tree">All actors at this moment.</param>
/// <param name="Metrics">The figures in Prometheus' text format.</param>
internal sealed record ObservedByOperators(
    Func<HealthReport> Report, Func<TreeSnapshot> Tree, Func<ReadOnlyMemory<byte>> Metrics);
