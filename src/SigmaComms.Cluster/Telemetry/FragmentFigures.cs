using System.Diagnostics.Metrics;
using SigmaComms.Cluster.Storage;

namespace SigmaComms.Cluster.Telemetry;

/// <summary>The figures of the fragment store; read when somebody listens.</summary>
internal static class FragmentFigures
{
    /// <summary>Begins to tell them.</summary>
    public static void Observe(Meter meter, StorageDesk desk)
    {
        Gauge("sigma.fragments", "{fragment}", "Fragments that can be given out.", figures => figures.Fragments);
        Gauge(
            "sigma.fragments.quarantined", "{fragment}", "Fragments that were found damaged and not replaced yet.",
            figures => figures.Quarantined);
        Gauge(
            "sigma.fragments.lost", "{fragment}", "Fragments of volumes that are gone, not replaced yet.",
            figures => figures.Lost);
        Gauge("sigma.fragments.capacity", "By", "Bytes that slots may have.", figures => figures.CapacityBytes);
        Gauge("sigma.fragments.used", "By", "Bytes in slots.", figures => figures.UsedBytes);
        Gauge("sigma.fragments.free", "By", "Bytes that can still be used.", figures => figures.FreeBytes);
        Gauge("sigma.volumes", "{volume}", "Volumes there are.", figures => figures.Volumes);
        Gauge(
            "sigma.volumes.failing", "{volume}", "Volumes that are not served now.", figures => figures.VolumesFailing);
        meter.CreateObservableCounter(
            "sigma.fragments.corrupt_reads", () => desk.CorruptReads, "{fragment}",
            "Fragments that were found damaged when they were read.");
        meter.CreateObservableCounter(
            "sigma.volumes.syncs", () => desk.Syncs, "{sync}", "Syncs of volumes for what was stored.");

        void Gauge(string name, string unit, string description, Func<StorageFigures, long> read) =>
            meter.CreateObservableGauge(name, () => read(desk.Figures), unit, description);
    }
}
