namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>All of a volume has been filled, durably, and the index knows.</summary>
/// <param name="Volume">The volume's number.</param>
internal sealed record VolumeFilled(int Volume);
