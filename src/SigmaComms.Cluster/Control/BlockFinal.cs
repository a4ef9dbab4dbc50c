using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Replicas;

namespace SigmaComms.Cluster.Control;

/// <summary>Event on the node's stream: a block is final, and what it did. In order of the heights.</summary>
/// <param name="Committed">The block, the state after it, and a result for each of its commands.</param>
/// <param name="Proof">Shows that it or a later block is final.</param>
public sealed record BlockFinal(CommittedBlock Committed, FinalityProof Proof);
