using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>Rule 6: a finalization makes its block final and all ancestors, in order.</summary>
internal static class Committing
{
    /// <summary>Commits by the highest finalization whose blocks are all here.</summary>
    public static bool TryCommit(ReplicaState state)
    {
        if (state.Finalization is null)
        {
            return false;
        }

        Certificate? best = null;
        foreach (ViewState view in state.Views.Values)
        {
            if (view.View > state.FinalView && view.Finalization is Certificate finalization
                && state.Tree.Find(finalization.Block) is BlockNode node)
            {
                // What a quorum finalized leads to the last final block, or an ancestor of it is still to come.
                Validity validity = state.Tree.Judge(node, state.Epoch, out Digest? missing);
                Invariant.Holds(validity == Validity.Valid || missing is not null);
                best = validity == Validity.Valid ? finalization : best;
            }
        }

        if (best is not null)
        {
            Commit(state, best);
        }

        return best is not null;
    }

    /// <summary>Commits a block and its ancestors, which must all be here.</summary>
    public static void Commit(ReplicaState state, Certificate finalization)
    {
        Invariant.Holds(finalization.Kind == BallotKind.Finalize && finalization.View > state.FinalView);
        Invariant.Holds(finalization.IsQuorumOf(state.Validators));
        BlockNode? last = state.Tree.Find(finalization.Block);
        Invariant.Holds(last is not null && last.Header.View == finalization.View);
        Invariant.Holds(state.Tree.Judge(last, state.Epoch, out _) == Validity.Valid);
        List<BlockNode> chain = ChainTo(state, last);
        foreach (BlockNode node in chain)
        {
            Voting.Keep(state, node);
        }

        state.Outbox.Persist(new WalRecord.Finalized(
            finalization.Epoch, finalization.View, finalization.Block));
        int end = chain.FindIndex(node => node.Header.IsEpochEnd);
        int count = end < 0 ? chain.Count : end + 1;
        Publish(state, chain, count, finalization);
        if (end >= 0)
        {
            Epochs.Begin(state, chain[end]);
            return;
        }

        state.Tree.Advance(last);
        state.SettleAt(last.Header.View);
    }

    private static List<BlockNode> ChainTo(ReplicaState state, BlockNode last)
    {
        List<BlockNode> chain = [];
        BlockNode root = state.Tree.Root;
        for (BlockNode? node = last; node != root; node = state.Tree.Find(node.Header.Parent))
        {
            // Two final blocks at one height would end here: the chain must lead to the last final block.
            Invariant.Holds(node is not null && node.Header.Height > root.Header.Height);
            Invariant.Holds(node.Validity == Validity.Valid);
            chain.Add(node);
        }

        chain.Reverse();
        return chain;
    }

    private static void Publish(ReplicaState state, List<BlockNode> chain, int count, Certificate finalization)
    {
        var committed = new CommittedBlock[count];
        for (int i = 0; i < count; i++)
        {
            BlockNode node = chain[i];
            Invariant.Holds(node.Block is not null && node.Execution is not null);
            committed[i] = new CommittedBlock(node.Block, node.Execution.Value, node.History!);
            foreach (CommandGroup group in node.Block.Body.Groups)
            {
                state.Pool.Remove(group.Digest);
            }
        }

        var descendants = new BlockHeader[chain.Count - count];
        for (int i = count; i < chain.Count; i++)
        {
            descendants[i - count] = chain[i].Header;
        }

        state.Final = chain[count - 1].Ledger!;
        state.Pool.Recognize(state.Final);
        state.Outbox.Add(new Effect.Commit(committed, new FinalityProof(finalization, descendants)));
    }
}
