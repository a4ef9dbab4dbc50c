using SigmaComms.Consensus.Blocks;

namespace SigmaComms.Cluster.Control;

/// <summary>A final block and what shows that it is final.</summary>
/// <param name="Block">The block.</param>
/// <param name="Proof">The proof.</param>
public sealed record ProvenBlock(Block Block, FinalityProof Proof);
