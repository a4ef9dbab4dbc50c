using SigmaComms.Consensus.Blocks;

namespace SigmaComms.Cluster.Control.Reads;

/// <summary>The answer to <see cref="ProveBlock"/>.</summary>
/// <param name="Block">The block; null if it is not kept here.</param>
/// <param name="Proof">Shows that it is final; null if none is kept.</param>
internal sealed record BlockProved(Block? Block, FinalityProof? Proof);
