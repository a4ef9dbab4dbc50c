using SigmaComms.Actors.Health;
using SigmaComms.Cluster.Storage;
using static System.FormattableString;

namespace SigmaComms.Cluster.Health;

/// <summary>Judges a node's fragment store. Pure.</summary>
internal static class FragmentJudge
{
    /// <summary>The name of the check.</summary>
    public const string Name = "fragments";

    /// <summary>What is to say of it; nothing while there is nothing in it.</summary>
    public static IReadOnlyList<Finding> Judge(StorageFigures? figures) =>
        figures is null or { State: StorageState.Empty } ? [] : [Of(figures)];

    private static Finding Of(StorageFigures figures)
    {
        string detail = Invariant($"{figures.Fragments} fragments in {figures.Volumes} volumes, ")
            + Invariant($"{figures.UsedBytes >> 20} of {figures.CapacityBytes >> 20} MiB used, ")
            + Invariant($"{figures.Quarantined} quarantined, {figures.Lost} lost")
            + (figures.Detail.Length > 0 ? $"; last failure: {figures.Detail}" : "");
        return figures switch
        {
            { State: StorageState.Failing } => new Finding(
                Name, "not_open", Verdict.Degraded, detail,
                "mend the disk of the storage folder, or end what has it locked; the node tries again by itself"),
            { State: StorageState.Opening } => new Finding(
                Name, "opening", Verdict.Degraded, detail, "wait: the volumes are read"),
            { VolumesFailing: > 0 } => new Finding(
                Name, "volumes_failing", Verdict.Degraded, detail,
                Invariant($"{figures.VolumesFailing} volumes are left alone for a while: look at their disk")),
            { Lost: > 0 } => new Finding(
                Name, "volume_lost", Verdict.Degraded, detail,
                "a volume is gone: bring its file back, or have the vaults repaired"),
            { Quarantined: > 0 } => new Finding(
                Name, "quarantined", Verdict.Degraded, detail,
                "fragments on this node's disk were damaged: they are repaired from others; watch the disk"),
            { CapacityBytes: > 0 } when figures.FreeBytes * 10 < figures.CapacityBytes => new Finding(
                Name, "nearly_full", Verdict.Degraded, detail, "raise storage.capacityGiB or add a node"),
            _ => new Finding(Name, "ok", Verdict.Healthy, detail),
        };
    }
}
