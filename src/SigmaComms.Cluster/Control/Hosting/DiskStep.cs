using SigmaComms.Consensus;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Votes;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>One thing that a turn wants of the disk; in order.</summary>
internal abstract record DiskStep
{
    private DiskStep()
    {
    }

    /// <summary>Make a record durable.</summary>
    public sealed record Keep(WalRecord Record) : DiskStep;

    /// <summary>Ask the guard for a ballot, which is signed only if the guard durably knows it.</summary>
    public sealed record Admit(Ballot Ballot) : DiskStep;

    /// <summary>Turn the guard to an epoch.</summary>
    public sealed record Begin(ValidatorSet Validators) : DiskStep;

    /// <summary>Store final blocks; costs no sync.</summary>
    /// <param name="Blocks">The blocks.</param>
    /// <param name="Proof">Shows that the last one is final.</param>
    /// <param name="IsKept">Whether the proof must be kept, as a snapshot follows.</param>
    public sealed record Store(IReadOnlyList<CommittedBlock> Blocks, FinalityProof Proof, bool IsKept) : DiskStep;

    /// <summary>
    /// Keep a snapshot, the records that are needed beside it, and drop what is older.
    /// </summary>
    public sealed record Compact(Foundation Snapshot, IReadOnlyList<WalRecord> LiveRecords) : DiskStep;
}
