using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Proofs;

namespace SigmaComms.Consensus.Replicas;

/// <summary>A final block and what it did.</summary>
/// <param name="Block">The block.</param>
/// <param name="Execution">The ledger after it, and a result for each of its commands.</param>
/// <param name="History">The digests of all blocks up to and including it, without what proves the old ones.</param>
public sealed record CommittedBlock(Block Block, Execution Execution, MountainRange History)
{
    /// <summary>What a replica could go on from after this block; a snapshot of it is one.</summary>
    public Foundation ToFoundation() => new(
        Block.Header, Block.Header.IsEpochEnd ? Execution.Ledger.BeginEpoch() : Execution.Ledger, History);
}
