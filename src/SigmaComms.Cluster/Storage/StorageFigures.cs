namespace SigmaComms.Cluster.Storage;

/// <summary>How the fragment store of a node stands.</summary>
/// <param name="State">What it does.</param>
/// <param name="CapacityBytes">Bytes that slots may have altogether.</param>
/// <param name="UsedBytes">Bytes in slots, with what is not erased yet.</param>
/// <param name="FreeBytes">Bytes that can still be used.</param>
/// <param name="Volumes">Volumes there are.</param>
/// <param name="VolumesFailing">Those of them that are not served now.</param>
/// <param name="Fragments">Fragments that can be given out.</param>
/// <param name="Quarantined">Fragments that were found damaged and not replaced yet.</param>
/// <param name="Lost">Fragments whose volume is gone and that were not replaced yet.</param>
/// <param name="Detail">Why it is not open, or what failed last; empty if nothing did.</param>
public sealed record StorageFigures(
    StorageState State,
    long CapacityBytes,
    long UsedBytes,
    long FreeBytes,
    int Volumes,
    int VolumesFailing,
    long Fragments,
    long Quarantined,
    long Lost,
    string Detail);
