namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>All that one turn wants of the disk. Reply: <see cref="TurnWritten"/>.</summary>
/// <param name="Steps">What, in order.</param>
/// <param name="MayWait">Whether it may become durable together with the next turn.</param>
internal sealed record WriteTurn(IReadOnlyList<DiskStep> Steps, bool MayWait);
