namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>All that one turn wants of the disk. Reply: <see cref="TurnWritten"/>.</summary>
internal sealed record WriteTurn(IReadOnlyList<DiskStep> Steps);
