namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>A volume takes no more fragments for a while: its disk has no room, or may not be written.</summary>
/// <param name="Volume">The volume's number.</param>
/// <param name="Cause">Why.</param>
internal sealed record WritesStopped(int Volume, string Cause);
