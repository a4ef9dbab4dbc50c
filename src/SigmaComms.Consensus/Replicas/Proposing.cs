using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Evidence;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>Rule 1, and what comes from other leaders.</summary>
internal static class Proposing
{
    /// <summary>How many blocks may wait to be final before a leader adds no more commands.</summary>
    public const ulong UnfinishedMax = 64;

    public static bool TryPropose(ReplicaState state)
    {
        if (!state.IsLeader || !Waiting.IsActive(state))
        {
            return false;
        }

        OwnVotes own = state.ViewOf(state.View).Own;
        if (own.Proposed is not null || own.IsNullified || own.Notarized is not null)
        {
            return false;
        }

        BlockNode? parent = Skipping.FindParent(state, out View parentView);
        state.IsParentMissing = parent is null;
        if (parent is null)
        {
            return false;
        }

        bool isEpochEnd = parent.Ledger!.NextValidators is not null && !parent.IsEpochOver;
        CommandBody body = isEpochEnd || parent.IsEpochOver ? CommandBody.Empty : NextBody(state, parent);
        if (body.Groups.Count == 0 && !isEpochEnd && !IsEmptyDue(state, parent))
        {
            return false;
        }

        Propose(state, parent, parentView, body, isEpochEnd);
        return true;
    }

    /// <summary>Keeps what a leader proposed, if its view is near.</summary>
    public static void Take(ReplicaState state, Message.Propose message)
    {
        Vote vote = message.Vote;
        BlockHeader header = message.Block.Header;
        if (vote.Ballot.Epoch != state.Epoch || vote.Voter >= state.Validators.Count
            || vote.Voter != state.Validators.LeaderOf(header.View) || vote.Voter == state.Self)
        {
            return;
        }

        Invariant.Holds(vote.Ballot == Ballot.Propose(header.Epoch, header.View, message.Block.Digest));
        if (vote.Incarnation != state.Validators[vote.Voter].Incarnation)
        {
            Counting.Accuse(state, new Accusation(Misbehaviour.ForeignIncarnation, vote, null, null));
            return;
        }

        bool isNear = header.View > state.FinalView
            && header.View.Value <= state.View.Value + ReplicaState.ProposalsAheadMax
            && header.View.Value + ReplicaState.ProposalsBehindMax >= state.View.Value;
        if (!isNear)
        {
            return;
        }

        ViewState view = state.ViewOf(header.View);
        foreach ((Vote? first, Block block) in view.Proposals)
        {
            if (block.Digest != message.Block.Digest)
            {
                view.IsLeaderFaulty = true;
                if (first is not null)
                {
                    Counting.Accuse(state, new Accusation(Misbehaviour.TwoProposals, first, vote, null));
                }
            }
        }

        int before = view.Proposals.Count;
        view.Propose(vote, message.Block);
        if (view.Proposals.Count > before)
        {
            state.Tree.Judge(state.Tree.Add(message.Block), state.Epoch, out _);
        }
    }

    /// <summary>Keeps the signature under the own proposal, for those who did not get it.</summary>
    public static void TakeOwn(ReplicaState state, Vote vote)
    {
        if (state.FindView(vote.Ballot.View) is ViewState view && view.Own.Proposed == vote.Ballot.Block
            && state.Tree.Find(vote.Ballot.Block)?.Block is Block block)
        {
            view.Propose(vote, block);
        }
    }

    private static void Propose(
        ReplicaState state, BlockNode parent, View parentView, CommandBody body, bool isEpochEnd)
    {
        Invariant.Holds(Skipping.AreNullified(state, parentView));
        var header = new BlockHeader(
            state.Epoch,
            state.View,
            parent.Header.Height.Next,
            parent.Digest,
            parentView,
            body.Root,
            parent.Ledger!.Root,
            parent.History!.Root,
            Math.Max(state.Now, parent.Header.Timestamp + 1),
            isEpochEnd,
            parent.IsEpochOver);
        bool isJoined = Block.TryJoin(header, body, out Block? block);
        Invariant.Holds(isJoined && block is not null);
        BlockNode node = state.Tree.Add(block);
        Invariant.Holds(state.Tree.Judge(node, state.Epoch, out _) == Validity.Valid);

        ViewState view = state.ViewOf(state.View);
        Invariant.Holds(view.Own.Proposed is null);
        Voting.Keep(state, node);
        view.Own.Propose(block.Digest);
        view.Propose(null, block);
        Ballot ballot = Ballot.Propose(state.Epoch, state.View, block.Digest);
        state.Outbox.Persist(new WalRecord.OwnBallot(ballot));
        state.Outbox.Add(new Effect.SignAndPropose(ballot, block));
    }

    private static CommandBody NextBody(ReplicaState state, BlockNode parent)
    {
        bool isFull = parent.Header.Height.Value >= state.Tree.Root.Header.Height.Value + UnfinishedMax;
        if (isFull || state.Pool.Count == 0 || (state.Options.Linger > TimeSpan.Zero && !state.IsPatienceOver))
        {
            return CommandBody.Empty;
        }

        return state.Pool.Take(parent.Ledger!, Bundling.CarriedUpTo(state, parent));
    }

    private static bool IsEmptyDue(ReplicaState state, BlockNode parent) =>
        state.IsTailDue && state.Tree.HasWork(parent);
}
