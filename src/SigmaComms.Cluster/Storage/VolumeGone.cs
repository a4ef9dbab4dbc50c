namespace SigmaComms.Cluster.Storage;

/// <summary>Published on the event stream when the fragments of a volume are lost, for whoever repairs.</summary>
/// <param name="Volume">The volume's number.</param>
internal sealed record VolumeGone(int Volume);
