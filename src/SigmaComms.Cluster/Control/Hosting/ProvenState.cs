using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Ledgers;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>A state that can be shown to who trusts the validators' keys alone.</summary>
/// <param name="Header">The final block whose header names the state.</param>
/// <param name="Proof">Shows that it is final.</param>
/// <param name="Ledger">The state.</param>
internal sealed record ProvenState(BlockHeader Header, FinalityProof Proof, Ledger Ledger);
