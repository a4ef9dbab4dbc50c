using SigmaComms.Cluster.Disks;

namespace SigmaComms.Cluster.Control.Transfer;

/// <summary>What of a replica's disk others than the thread that syncs votes may use, for peers and clients.</summary>
/// <param name="Disk">The folder.</param>
/// <param name="Blocks">Final blocks.</param>
/// <param name="Handovers">How epochs handed over.</param>
internal sealed record SharedFiles(IDisk Disk, BlockServer Blocks, HandoverStore Handovers);
