namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>A read of a volume failed, as far as can be told not by the place that was read.</summary>
/// <param name="Cause">Why.</param>
/// <param name="Openings">How often the volume had been opened anew before.</param>
internal sealed record DiskFailed(Exception Cause, int Openings);
