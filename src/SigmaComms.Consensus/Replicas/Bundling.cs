using SigmaComms.Consensus.Commands;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>
/// Under load a finalize waits for the next view's proposal, which comes one way of the network later, so that one
/// signature says both: half of the votes. Finalize may always come late; that it comes is bounded by a timer.
/// </summary>
internal static class Bundling
{
    // After so many waits in vain its next turns are not waited for: 2 to this power.
    private const int DoubtMax = 5;

    /// <summary>Whether the finalize of a block waits for the proposal of the view after it.</summary>
    public static bool Waits(ReplicaState state, ViewState due, BlockNode node)
    {
        bool mayCome = due.View.Next == state.View && !state.IsBundleTimeOver && !state.IsLeader
            && state.Validators.Count >= state.Options.BundleFrom && IsViewOpen(state);
        if (!mayCome)
        {
            return false;
        }

        if (state.FinalizeHeld != due.View)
        {
            if (!IsProposalDue(state, node) || IsDoubted(state))
            {
                // Looked at once in a view: what comes later would be waited for longer than the others wait.
                state.IsBundleTimeOver = true;
                return false;
            }

            state.FinalizeHeld = due.View;
        }

        return true;
    }

    /// <summary>Sets the timer that ends the wait, or ends it.</summary>
    public static void Arrange(ReplicaState state)
    {
        if (state.FinalizeHeld is not View held || !state.FinalizeDue.Contains(held.Value))
        {
            state.FinalizeHeld = null;
            state.Outbox.CancelTimer(TimerKind.Bundle);
        }
        else if (!state.Outbox.IsRunning(TimerKind.Bundle))
        {
            state.Outbox.SetTimer(TimerKind.Bundle, Bound(state));
        }
    }

    /// <summary>The proposal did not come in time.</summary>
    public static void TimeOver(ReplicaState state)
    {
        state.IsBundleTimeOver = true;
        ref (int Misses, int Skips) doubt = ref state.Doubts[state.Validators.LeaderOf(state.View)];
        doubt = (Math.Min(doubt.Misses + 1, DoubtMax), 1 << doubt.Misses);
    }

    /// <summary>The proposal came in time.</summary>
    public static void Done(ReplicaState state) => state.Doubts[state.Validators.LeaderOf(state.View)] = default;

    /// <summary>The groups in blocks that are not final, up to one.</summary>
    public static HashSet<Digest> CarriedUpTo(ReplicaState state, BlockNode last)
    {
        HashSet<Digest> carried = [];
        for (BlockNode? node = last; node?.Block is not null && node != state.Tree.Root;
            node = state.Tree.Find(node.Header.Parent))
        {
            foreach (CommandGroup group in node.Block.Body.Groups)
            {
                carried.Add(group.Digest);
            }
        }

        return carried;
    }

    // Long enough for the leader to write and sign and for one way of the network, and a quarter of what a view without
    // a proposal lasts at least. It does not grow with D: where the network is slow, votes go alone.
    private static TimeSpan Bound(ReplicaState state) => state.Options.Delay / 2;

    private static bool IsViewOpen(ReplicaState state)
    {
        int leader = state.Validators.LeaderOf(state.View);
        return !state.Gone.Contains(state.Validators[leader].Node)
            && (state.FindView(state.View) is not ViewState view
                || (!view.IsCertified && !view.IsLeaderFaulty && view.Own.Notarized is null && !view.Own.IsNullified
                    && view.Nullifies[leader] is null && view.Nullifies.Count <= state.Validators.FaultsMax));
    }

    // What makes an honest leader propose at once, as far as it is known here.
    private static bool IsProposalDue(ReplicaState state, BlockNode parent)
    {
        bool isFull = parent.Header.Height.Value
            >= state.Tree.Root.Header.Height.Value + Proposing.UnfinishedMax;
        return !isFull && !parent.IsEpochOver && state.Options.Linger < Bound(state) && state.Pool.Count > 0
            && state.Pool.HasFor(parent.Ledger!, CarriedUpTo(state, parent));
    }

    private static bool IsDoubted(ReplicaState state)
    {
        ref (int Misses, int Skips) doubt = ref state.Doubts[state.Validators.LeaderOf(state.View)];
        bool isDoubted = doubt.Skips > 0;
        doubt.Skips -= isDoubted ? 1 : 0;
        return isDoubted;
    }
}
