using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Evidence;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>Rules 2 to 4: what this replica says, and that it is durable before it is said.</summary>
internal static class Voting
{
    // Twice what an honest leader goes to, as it may have seen more final blocks. Blocks without commands are always
    // welcome: they are what makes the others final.
    private const ulong UnfinishedMax = 2 * Proposing.UnfinishedMax;

    public static bool TryVote(ReplicaState state)
    {
        if (!state.IsVoting)
        {
            state.FinalizeDue.Clear();
            return false;
        }

        BlockNode? candidate = Candidate(state);
        bool hasVoted = FinalizeAll(state, ref candidate);
        if (candidate is not null)
        {
            Keep(state, candidate);
            state.ViewOf(state.View).Own.Notarize(candidate.Digest);
            Say(state, Ballot.Notarize(state.Epoch, state.View, candidate.Digest));
            hasVoted = true;
        }

        return TryNullifyFaulty(state) || hasVoted;
    }

    /// <summary>Rule 3: gives the current view up unless it was finalized.</summary>
    public static bool TryNullify(ReplicaState state)
    {
        OwnVotes own = state.ViewOf(state.View).Own;
        if (!state.IsVoting || own.IsNullified || own.Finalized is not null)
        {
            return false;
        }

        View since = Skipping.NullifiedSince(state);
        own.Nullify(since);
        Say(state, Ballot.Nullify(state.Epoch, state.View, since));
        return true;
    }

    /// <summary>Makes a block durable, once.</summary>
    public static void Keep(ReplicaState state, BlockNode node)
    {
        if (!node.IsPersisted && node.Block is not null)
        {
            node.IsPersisted = true;
            state.Outbox.Persist(new WalRecord.BlockHeld(node.Block));
        }
    }

    /// <summary>Whether a block's notarization is held, or it is final, so that it may be a parent.</summary>
    public static bool IsCertified(ReplicaState state, View view, Digest block) =>
        block == state.Tree.Root.Digest ? view == state.FinalView
            : view > state.FinalView && state.FindView(view)?.CertifiedBlock == block;

    /// <summary>Whether a block is near enough to the last final one to be voted for.</summary>
    public static bool IsInReach(ReplicaState state, Block block) =>
        block.IsEmpty || block.Header.Height.Value <= state.Tree.Root.Header.Height.Value + UnfinishedMax;

    // Rule 2: the leader's only block, if it follows from what is held here.
    private static BlockNode? Candidate(ReplicaState state)
    {
        ViewState? view = state.FindView(state.View);
        if (view is null || view.Own.Notarized is not null || view.Own.IsNullified
            || view.IsLeaderFaulty || view.Proposals.Count == 0)
        {
            return null;
        }

        (Vote? vote, Block block) = view.Proposals[0];
        BlockHeader header = block.Header;
        BlockNode node = state.Tree.Add(block);
        Validity validity = state.Tree.Judge(node, state.Epoch, out _);
        if (validity == Validity.Invalid)
        {
            Blame(state, view, vote, header);
            return null;
        }

        bool isFit = validity == Validity.Valid
            && !IsEarly(state, header)
            && IsCertified(state, header.ParentView, header.Parent)
            && Skipping.AreNullified(state, header.ParentView)
            && IsInReach(state, block);
        return isFit ? node : null;
    }

    // The smallest step after the parent is never early: after clocks were set back it is all that an honest leader can
    // do, and a Byzantine one gains 100 ns by it.
    private static bool IsEarly(ReplicaState state, BlockHeader header) =>
        header.Timestamp > state.Now + state.Options.AheadMax.Ticks
        && header.Timestamp - 1 != state.Tree.Find(header.Parent)?.Header.Timestamp;

    // Rule 4, and the bundle: if the block of the next view is there already, one signature says both.
    private static bool FinalizeAll(ReplicaState state, ref BlockNode? candidate)
    {
        bool hasVoted = false;
        ulong view = 0;
        while (NextDue(state, ref view))
        {
            ViewState due = state.ViewOf(new View(view));
            Certificate? notarization = due.Notarization;
            Invariant.Holds(notarization is not null);
            if (due.Own.IsNullified || due.Own.Finalized is not null)
            {
                state.FinalizeDue.Remove(view);
                continue;
            }

            BlockNode? node = state.Tree.Find(notarization.Block);
            if (node is null || state.Tree.Judge(node, state.Epoch, out _) == Validity.Unknown)
            {
                continue;
            }

            // A quorum, so an honest validator, found it valid: to find otherwise means a broken machine.
            Invariant.Holds(node.Validity == Validity.Valid);
            if (candidate is null && Bundling.Waits(state, due, node))
            {
                continue;
            }

            state.FinalizeDue.Remove(view);
            Finalize(state, due, node, ref candidate);
            hasVoted = true;
        }

        return hasVoted;
    }

    private static void Finalize(ReplicaState state, ViewState due, BlockNode node, ref BlockNode? candidate)
    {
        Keep(state, node);
        due.Own.Finalize(node.Digest);
        if (due.View > state.FinalizeCast)
        {
            state.FinalizeCast = due.View;
        }

        if (candidate is null || due.View.Next != state.View)
        {
            Say(state, Ballot.Finalize(state.Epoch, due.View, node.Digest));
            return;
        }

        Bundling.Done(state);
        Keep(state, candidate);
        state.ViewOf(state.View).Own.Notarize(candidate.Digest);
        Say(state, Ballot.Bundle(state.Epoch, due.View, node.Digest, candidate.Digest));
        candidate = null;
    }

    private static bool NextDue(ReplicaState state, ref ulong view)
    {
        foreach (ulong due in state.FinalizeDue)
        {
            if (due > view)
            {
                view = due;
                return true;
            }
        }

        return false;
    }

    private static bool TryNullifyFaulty(ReplicaState state)
    {
        ViewState view = state.ViewOf(state.View);
        if (view.IsCertified)
        {
            return false;
        }

        byte leader = (byte)state.Validators.LeaderOf(state.View);
        bool hasLeaderLeft = view.Nullifies[leader] is not null && view.Own.Notarized is null;
        bool isHopeless = view.Own.Notarized is null && Waiting.IsActive(state)
            && state.Gone.Contains(state.Validators[leader].Node);
        bool haveHonestLeft = view.Nullifies.Count > state.Validators.FaultsMax;
        return (view.IsLeaderFaulty || hasLeaderLeft || isHopeless || haveHonestLeft) && TryNullify(state);
    }

    private static void Blame(ReplicaState state, ViewState view, Vote? vote, BlockHeader header)
    {
        view.IsLeaderFaulty = true;
        if (vote is not null)
        {
            Counting.Accuse(state, new Accusation(Misbehaviour.InvalidBlock, vote, null, header));
        }
    }

    private static void Say(ReplicaState state, Ballot ballot)
    {
        Invariant.Holds(state.IsVoting && ballot.Epoch == state.Epoch && ballot.View > state.FinalView);
        state.Outbox.Persist(new WalRecord.OwnBallot(ballot));
        state.Outbox.Add(new Effect.SignAndBroadcast(ballot));
    }
}
