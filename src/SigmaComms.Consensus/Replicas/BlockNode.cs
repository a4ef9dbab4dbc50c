using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>A block in the tree of those that are not dropped; the root is the last final one.</summary>
internal sealed class BlockNode
{
    /// <summary>A block that is still to be checked against its parent.</summary>
    public BlockNode(Block block)
    {
        Block = block;
        Header = block.Header;
        Digest = block.Digest;
    }

    /// <summary>What a replica goes on from; its body is not needed any more.</summary>
    public BlockNode(Foundation foundation)
    {
        Header = foundation.Header;
        Digest = foundation.Digest;
        Ledger = foundation.Ledger;
        History = foundation.History.WithoutHistory();
        Validity = Validity.Valid;
    }

    public BlockHeader Header { get; }

    public Digest Digest { get; }

    /// <summary>Null only of a foundation.</summary>
    public Block? Block { get; }

    public Validity Validity { get; private set; }

    /// <summary>Known once the block is valid: what it did.</summary>
    public Execution? Execution { get; private set; }

    /// <summary>Known once the block is valid.</summary>
    public Ledger? Ledger { get; private set; }

    /// <summary>Known once the block is valid: the digests of all blocks up to and including this one.</summary>
    public MountainRange? History { get; private set; }

    /// <summary>Whether the epoch ends at this block or one between it and the epoch's first.</summary>
    public bool IsEpochOver { get; private set; }

    public bool IsPersisted { get; set; }

    /// <summary>
    /// The lowest ancestor that was found when the block was judged last in vain; its parent was missing.
    /// </summary>
    public BlockNode? Lowest { get; set; }

    /// <summary>Whether the block is worth a view of its own only to make it final.</summary>
    public bool IsWork => Block is not null && (!Block.IsEmpty || Header.IsEpochEnd);

    /// <summary>Compares with a valid parent and executes; the same on every machine.</summary>
    /// <param name="parent">The parent, valid.</param>
    /// <param name="parentView">The parent's view in this epoch: 0 of the block that the epoch begins from.</param>
    /// <param name="epoch">The epoch.</param>
    public void Judge(BlockNode parent, View parentView, Epoch epoch)
    {
        Invariant.Holds(Validity == Validity.Unknown && Block is not null);
        Invariant.Holds(parent.Ledger is not null && parent.History is not null && parent.Digest == Header.Parent);
        bool isEpochEnd = parent.Ledger.NextValidators is not null && !parent.IsEpochOver;
        bool isValid = Header.Epoch == epoch
            && Header.View > parentView && Header.ParentView == parentView
            && Header.Height == parent.Header.Height.Next
            && Header.Timestamp > parent.Header.Timestamp
            && Header.StateRoot == parent.Ledger.Root
            && Header.HistoryRoot == parent.History.Root
            && Header.IsEpochEnd == isEpochEnd && Header.IsClosing == parent.IsEpochOver
            && (Block.IsEmpty || !(isEpochEnd || parent.IsEpochOver));
        if (!isValid)
        {
            Validity = Validity.Invalid;
            return;
        }

        Execution executed = parent.Ledger.Execute(Header.Epoch, Header.Height, Header.Timestamp, Block.Body.Groups);
        Execution = executed;
        Ledger = executed.Ledger;
        History = parent.History.Append(Digest).WithoutHistory();
        IsEpochOver = isEpochEnd || parent.IsEpochOver;
        Validity = Validity.Valid;
        Lowest = null;
    }
}
