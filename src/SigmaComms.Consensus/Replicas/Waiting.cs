using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>The pacemaker: timers run only while something waits to become final.</summary>
internal static class Waiting
{
    private const int RetryGrowthMax = 4;
    private const int OwnGroupsMax = 32;
    private const int TailRetriesMax = 3;
    private const ulong OwnVotesBehindMax = 4;

    private static readonly BallotKind[] VoteKinds = [BallotKind.Notarize, BallotKind.Nullify, BallotKind.Finalize];

    /// <summary>Whether commands, a tail, the end of the epoch or a peer's nullify give reason to go on.</summary>
    public static bool IsActive(ReplicaState state)
    {
        if (state.Pool.Count > 0 || state.Finalization is not null || state.Final.NextValidators is not null)
        {
            return true;
        }

        ViewState? current = state.FindView(state.View);
        ulong self = state.Self < 0 ? 0 : 1UL << state.Self;
        if (current is not null
            && (current.Own.Notarized is not null || (current.Nullifies.Voters & ~self) != 0))
        {
            return true;
        }

        foreach (ViewState view in state.Views.Values)
        {
            if (view.View > state.FinalView && view.CertifiedBlock is Digest block
                && (state.Tree.Find(block) is not BlockNode node || state.Tree.HasWork(node)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Sets the timers that should run and ends those that should not.</summary>
    public static void Arrange(ReplicaState state)
    {
        bool isActive = IsActive(state);
        Outbox outbox = state.Outbox;
        OwnVotes? own = state.FindView(state.View)?.Own;
        bool isOpen = isActive && state.IsVoting && own is not { IsNullified: true };
        if (!isOpen)
        {
            outbox.CancelTimer(TimerKind.View);
            outbox.CancelTimer(TimerKind.Propose);
            state.IsProposalTimeOver = false;
        }
        else
        {
            if (!outbox.IsRunning(TimerKind.View))
            {
                outbox.SetTimer(TimerKind.View, 2 * Delay(state));
            }

            ArrangeProposal(state, own);
        }

        if (!isActive && state.IsVoting && !IsTailOpen(state))
        {
            outbox.CancelTimer(TimerKind.Retry);
        }
        else if (!outbox.IsRunning(TimerKind.Retry))
        {
            outbox.SetTimer(TimerKind.Retry, RetryInterval(state));
        }

        // Not only who leads needs it: what each replica says of the views before its own shortens what all keep.
        state.IsParentMissing = isActive && state.IsVoting && Skipping.FindParent(state, out _) is null;
        Bundling.Arrange(state);
        Forwarding.Arrange(state);
    }

    public static void Fired(ReplicaState state, TimerKind kind)
    {
        switch (kind)
        {
            case TimerKind.View:
                ViewTimeOver(state);
                break;
            case TimerKind.Propose:
                state.IsTailDue |= state.IsPatienceOver || state.Options.Linger <= TimeSpan.Zero;
                state.IsPatienceOver = true;
                break;
            case TimerKind.Pull:
                Forwarding.Pull(state);
                break;
            case TimerKind.Retry:
                Retry(state);
                break;
            case TimerKind.Bundle:
                Bundling.TimeOver(state);
                break;
        }
    }

    /// <summary>D of the current view.</summary>
    public static TimeSpan Delay(ReplicaState state) =>
        Grown(state.Options.Delay, state.BackOff, ReplicaState.BackOffMax);

    // A notarized block without commands gives no reason to go on, but may be final elsewhere: peers are asked a few
    // times, so that who missed it does not stand behind them as long as nothing else happens.
    private static bool IsTailOpen(ReplicaState state) =>
        state.Retries < TailRetriesMax
        && state.Views.Values.Any(view => view.View > state.FinalView && view.CertifiedBlock is not null);

    // Rule 3: no block worth a vote for 2 D, or no end of the view for 3 D.
    private static void ViewTimeOver(ReplicaState state)
    {
        bool hasBlock = state.FindView(state.View)?.Own.Notarized is not null;
        if (hasBlock && !state.IsProposalTimeOver)
        {
            state.IsProposalTimeOver = true;
            state.Outbox.SetTimer(TimerKind.View, Delay(state));
            return;
        }

        Voting.TryNullify(state);
    }

    private static void ArrangeProposal(ReplicaState state, OwnVotes? own)
    {
        bool mayPropose = state.IsLeader && own is not { Proposed: not null } && !state.IsTailDue;
        if (!mayPropose || state.Outbox.IsRunning(TimerKind.Propose))
        {
            return;
        }

        bool isLingering = state.Options.Linger > TimeSpan.Zero && !state.IsPatienceOver;
        state.Outbox.SetTimer(TimerKind.Propose, isLingering ? state.Options.Linger : Delay(state) / 2);
    }

    // Rule 7: own votes go out again; the certificate by which the view was entered goes to each peer whose status,
    // the answer to this one, says that it needs it.
    private static void Retry(ReplicaState state)
    {
        state.Pool.Sweep(state.Final);
        if (!state.IsFresh)
        {
            state.Retries++;
            ResendVotes(state);
        }

        state.IsFresh = false;

        state.Outbox.Add(new Effect.Broadcast(CatchingUp.StatusOf(state, isAnswer: false)));
        foreach (Commands.CommandGroup group in state.Pool.Overdue(OwnGroupsMax))
        {
            state.Outbox.Add(new Effect.Broadcast(new Message.Submit(group)));
        }
    }

    private static void ResendVotes(ReplicaState state)
    {
        if (!state.IsVoting)
        {
            return;
        }

        Vote? last = null;
        foreach (ViewState view in state.Views.Values)
        {
            if (view.View <= state.FinalView || view.View.Value + OwnVotesBehindMax < state.View.Value)
            {
                continue;
            }

            foreach (BallotKind kind in VoteKinds)
            {
                foreach (Tally tally in view.TalliesOf(kind))
                {
                    // A bundle stands in two tallies of two views; it goes out once.
                    if (tally[state.Self] is Vote vote && !ReferenceEquals(vote, last))
                    {
                        last = vote;
                        state.Outbox.Add(new Effect.Broadcast(new Message.VoteCast(vote)));
                    }
                }
            }
        }
    }

    private static TimeSpan RetryInterval(ReplicaState state) => state.IsVoting
        ? 4 * Grown(state.Options.Delay, state.Retries, RetryGrowthMax)
        : 10 * state.Options.Delay;

    private static TimeSpan Grown(TimeSpan delay, int steps, int stepsMax)
    {
        // Whole ticks only: no rounding of floating point may differ between machines.
        long ticks = delay.Ticks;
        for (int i = 0; i < Math.Min(steps, stepsMax); i++)
        {
            ticks += ticks / 2;
        }

        return TimeSpan.FromTicks(ticks);
    }
}
