using System.Diagnostics.Metrics;

namespace SigmaComms.Cluster.Storage.Repair;

/// <summary>The figures of repair, rebalance, collection and scrub; read when somebody listens.</summary>
internal static class RepairMeters
{
    /// <summary>Begins to tell them.</summary>
    public static void Observe(Meter meter, RepairFigures figures)
    {
        meter.CreateObservableGauge(
            "sigma.repair.queue", () => figures.Queue, "{stripe}", "Stripes that wait to be rebuilt by this node.");
        Counter("sigma.repair.rebuilt", "{fragment}", "Fragments that were rebuilt.", () => figures.Rebuilt);
        Counter("sigma.repair.rebuilt.size", "By", "Bytes of fragments that were rebuilt.", () => figures.RebuiltBytes);
        Counter("sigma.repair.failed", "{attempt}", "Stripes that could not be rebuilt.", () => figures.Failed);
        Counter("sigma.rebalance.moved", "{fragment}", "Fragments copied to where they belong.", () => figures.Moved);
        Counter(
            "sigma.rebalance.surplus", "{fragment}", "Copies deleted because the right node has them.",
            () => figures.Surplus);
        Counter(
            "sigma.collection.dropped", "{fragment}", "Fragments of dropped stripes that were deleted.",
            () => figures.Dropped);
        Counter(
            "sigma.collection.expired", "{fragment}", "Fragments of abandoned stripes that were deleted.",
            () => figures.Expired);
        Counter("sigma.scrub.fragments", "{fragment}", "Fragments that the scrub has read.", () => figures.Scrubbed);
        Counter("sigma.scrub.size", "By", "Bytes that the scrub has read.", () => figures.ScrubbedBytes);
        Counter(
            "sigma.scrub.damaged", "{fragment}", "Fragments that the scrub found damaged.", () => figures.Quarantined);

        void Counter(string name, string unit, string description, Func<long> read) =>
            meter.CreateObservableCounter(name, read, unit, description);
    }
}
