namespace SigmaComms.Cluster.Storage.Repair;

/// <summary>What came of going through the fragments of this node.</summary>
/// <param name="Fragments">How many were looked at.</param>
/// <param name="Open">How many have something left to be done for them, which is to be tried again.</param>
/// <param name="IsWhole">Whether all were looked at; false if where they belong has changed meanwhile.</param>
internal sealed record RoundResult(long Fragments, long Open, bool IsWhole);
