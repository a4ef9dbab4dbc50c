namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>A worker has time to fill some room. Reply: <see cref="FillRoom"/>.</summary>
/// <param name="Volume">The volume's number.</param>
internal sealed record FillWanted(int Volume);
