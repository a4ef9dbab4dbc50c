using System.Numerics;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>Rule 7: what others hold and this replica misses is asked for, and only that.</summary>
internal static class Forwarding
{
    private const int PullsMax = 8;
    private const int WantedMax = 64;
    private const int HeardPullsMax = 16;

    // The first time most proposals are still on their way; the second time 1.25 D0 of at least 2 are over.
    private const int PullsBeforeProposal = 2;

    /// <summary>Sets the timer after which what is still missing is asked for; most of it is on its way.</summary>
    public static void Arrange(ReplicaState state)
    {
        if (!IsAnythingMissing(state))
        {
            state.Pulls = 0;
            state.Outbox.CancelTimer(TimerKind.Pull);
        }
        else if (!state.Outbox.IsRunning(TimerKind.Pull))
        {
            state.Outbox.SetTimer(TimerKind.Pull, Interval(state));
        }
    }

    /// <summary>Asks for what is missing; every time others are asked first.</summary>
    public static void Pull(ReplicaState state)
    {
        state.Pulls++;
        if (state.Pulls % HeardPullsMax == 0)
        {
            // Who says that it left a view and has no votes to show is believed only so long.
            Array.Clear(state.Heard);
        }

        // Many blocks may lack the same ancestor.
        HashSet<Digest> asked = [];
        PullHeard(state);
        PullProposal(state);
        PullForCandidate(state, asked);
        if (state.Finalization is Certificate finalization)
        {
            PullAncestors(state, finalization.Block, Voter(state, finalization), asked);
        }

        foreach (ulong due in state.FinalizeDue)
        {
            if (state.FindView(new View(due))?.Notarization is Certificate notarization)
            {
                PullAncestors(state, notarization.Block, Voter(state, notarization), asked);
            }
        }

        if (state.IsParentMissing)
        {
            PullForProposal(state, asked);
        }

        CatchingUp.Pull(state);
    }

    public static void Heard(ReplicaState state, NodeId from, Message.Have have)
    {
        if (have.Epoch == state.Epoch && have.View >= state.View && state.Validators.TryIndexOf(from, out int index)
            && BitOperations.Log2(have.Voters) < state.Validators.Count
            && (state.Heard[index] is not Message.Have known || known.View <= have.View))
        {
            state.HeardBefore &= state.Heard[index]?.View == have.View ? ulong.MaxValue : ~(1UL << index);
            state.Heard[index] = have;
        }
    }

    public static void Serve(ReplicaState state, NodeId to, Message.Pull pull)
    {
        if (pull.Epoch != state.Epoch)
        {
            return;
        }

        if (pull.View < state.FinalView)
        {
            state.Outbox.Add(new Effect.Send(to, CatchingUp.StatusOf(state, isAnswer: true)));
            return;
        }

        Tally? tally = state.FindView(pull.View)?.Find(pull.Kind, pull.Block);
        Certificate? votes = tally?.Select(pull.Missing, ValidatorSet.CountMax);
        if (tally is null || tally.Count < state.Validators.Quorum)
        {
            votes = Certified(state, pull) ?? votes;
        }

        if (votes is not null)
        {
            state.Outbox.Add(new Effect.Send(to, new Message.Certificates([votes])));
        }
    }

    public static void Serve(ReplicaState state, NodeId to, Message.PullViews pull)
    {
        if (pull.Epoch != state.Epoch)
        {
            return;
        }

        if (pull.First < state.FinalView)
        {
            state.Outbox.Add(new Effect.Send(to, CatchingUp.StatusOf(state, isAnswer: true)));
        }

        List<Certificate> found = [];
        int room = MessageCodec.SizeMax - 1_024;
        ulong last = Math.Min(pull.Last.Value, state.CertifiedView.Value);
        ulong first = Math.Max(pull.First.Value, 1);
        bool hasRoom = last >= first && TryAdd(found, Skipping.CoverOf(state, new View(last)), ref room);
        for (ulong view = last; hasRoom && view >= first; view--)
        {
            ViewState? known = state.FindView(new View(view));
            hasRoom = TryAdd(found, known?.Nullification, ref room)
                && TryAdd(found, known?.Notarization ?? known?.Finalization, ref room);
        }

        if (found.Count > 0)
        {
            state.Outbox.Add(new Effect.Send(to, new Message.Certificates(found)));
        }
    }

    public static void Serve(ReplicaState state, NodeId to, Message.PullBlock pull)
    {
        if (state.Tree.Find(pull.Block)?.Block is Block block)
        {
            state.Outbox.Add(new Effect.Send(to, new Message.BlockFound(block)));
        }
    }

    public static void Serve(ReplicaState state, NodeId to, Message.PullProposal pull)
    {
        if (pull.Epoch != state.Epoch || state.FindView(pull.View) is not ViewState view)
        {
            return;
        }

        // Of two proposals one is enough; with the one that the asker got elsewhere it convicts the leader.
        foreach ((Vote? vote, Block block) in view.Proposals)
        {
            if (vote is not null)
            {
                state.Outbox.Add(new Effect.Send(to, new Message.Propose(vote, block)));
                return;
            }
        }
    }

    public static void Take(ReplicaState state, Message.BlockFound message)
    {
        if (state.Wanted.Remove(message.Block.Digest) && message.Block.Header.Epoch == state.Epoch)
        {
            state.Tree.Judge(state.Tree.Add(message.Block), state.Epoch, out _);
            state.Pulls = 0;
        }
    }

    // Of a link that needs half of D0 nothing is asked for that is only on its way: certificates are large.
    private static TimeSpan Interval(ReplicaState state) => state.Pulls switch
    {
        0 => state.Options.Delay / 2,
        1 => state.Options.Delay * 3 / 4,
        _ => state.Options.Delay,
    };

    private static bool IsAnythingMissing(ReplicaState state)
    {
        // A finalize that waits for the next proposal only misses nothing.
        bool isFinalizeOpen = state.FinalizeDue.Count > (state.FinalizeHeld is null ? 0 : 1);
        if (state.Finalization is not null || isFinalizeOpen || state.IsParentMissing
            || state.Ahead.Count > 0)
        {
            return true;
        }

        foreach (Message.Have? have in state.Heard)
        {
            if (have is not null && have.View >= state.View)
            {
                return true;
            }
        }

        ViewState? view = state.FindView(state.View);
        return LacksProposal(state) || (state.IsVoting && view is not null && view.Proposals.Count > 0
            && view.Own.Notarized is null && !view.Own.IsNullified && !view.IsLeaderFaulty);
    }

    // While something waits the leader owes a proposal, and one that was lost nobody sends again unasked.
    private static bool LacksProposal(ReplicaState state)
    {
        ViewState? view = state.FindView(state.View);
        bool isOpen = view is null
            || (view.Proposals.Count == 0 && view.Own.Notarized is null && !view.Own.IsNullified);
        return state.IsVoting && !state.IsLeader && isOpen && Waiting.IsActive(state);
    }

    private static void PullProposal(ReplicaState state)
    {
        if (state.Pulls >= PullsBeforeProposal && LacksProposal(state))
        {
            int peer = Turned(state, state.Validators.LeaderOf(state.View) - (PullsBeforeProposal - 1));
            Ask(state, peer, new Message.PullProposal(state.Epoch, state.View));
        }
    }

    // Just enough votes to reach a quorum, of a few who said that they have them.
    private static void PullHeard(ReplicaState state)
    {
        int count = state.Validators.Count;
        int pulls = 0;
        ulong before = state.HeardBefore;
        state.HeardBefore = 0;
        for (int i = 0; i < count; i++)
        {
            int peer = (i + state.Pulls) % count;
            if (peer == state.Self || state.Heard[peer] is not Message.Have have)
            {
                continue;
            }

            if (have.View < state.View)
            {
                state.Heard[peer] = null;
                continue;
            }

            // What was heard only now was said over links on which the votes themselves are still on their way.
            state.HeardBefore |= 1UL << peer;
            if (pulls >= PullsMax || (before & (1UL << peer)) == 0)
            {
                continue;
            }

            ulong held = state.FindView(have.View)?.Find(have.Kind, have.Block)?.Voters ?? 0;
            ulong missing = Lowest(have.Voters & ~held, state.Validators.Quorum - BitOperations.PopCount(held));
            if (missing != 0)
            {
                pulls++;
                Ask(state, peer, new Message.Pull(have.Kind, have.Epoch, have.View, have.Block, missing));
            }
        }
    }

    private static void PullForCandidate(ReplicaState state, HashSet<Digest> asked)
    {
        ViewState? view = state.FindView(state.View);
        if (!state.IsVoting || view is null || view.Proposals.Count == 0 || view.Own.Notarized is not null
            || view.Own.IsNullified)
        {
            return;
        }

        Block block = view.Proposals[0].Block;
        int leader = state.Validators.LeaderOf(state.View);
        PullAncestors(state, block.Digest, leader, asked);
        View parent = block.Header.ParentView;
        if (parent >= state.View || parent < state.FinalView)
        {
            return;
        }

        if (parent > state.FinalView && !Voting.IsCertified(state, parent, block.Header.Parent))
        {
            Ask(state, Turned(state, leader), new Message.Pull(
                BallotKind.Notarize, state.Epoch, parent, block.Header.Parent, ulong.MaxValue));
        }

        PullViews(state, parent, leader);
    }

    // Of a leader: what stands between the current view and a parent.
    private static void PullForProposal(ReplicaState state, HashSet<Digest> asked)
    {
        for (int i = 0; i <= state.Validators.FaultsMax; i++)
        {
            PullViews(state, state.FinalView, state.Self + 1 + i);
        }

        foreach (ViewState view in state.Views.Values)
        {
            if (view.View > state.FinalView && view.CertifiedBlock is Digest block)
            {
                PullAncestors(state, block, state.Self + 1, asked);
            }
        }
    }

    // The last views that are not shown to be nullified; one that is notarized alone may have to be skipped too.
    private static void PullViews(ReplicaState state, View after, int peer)
    {
        ulong last = Skipping.NullifiedSince(state).Value - 1;
        if (last > after.Value)
        {
            ulong first = last < MessageCodec.ViewsMax ? 1 : last - MessageCodec.ViewsMax + 1;
            first = Math.Max(after.Value + 1, first);
            Ask(state, Turned(state, peer), new Message.PullViews(state.Epoch, new View(first), new View(last)));
        }
    }

    private static void PullAncestors(ReplicaState state, Digest block, int peer, HashSet<Digest> asked)
    {
        Digest? missing = block;
        if (state.Tree.Find(block) is BlockNode node)
        {
            state.Tree.Judge(node, state.Epoch, out missing);
        }

        if (missing is Digest wanted && asked.Add(wanted))
        {
            if (state.Wanted.Count >= WantedMax)
            {
                state.Wanted.Clear();
            }

            state.Wanted.Add(wanted);
            Ask(state, Turned(state, peer), new Message.PullBlock(state.Epoch, wanted));
        }
    }

    // The first time the one who should have it is asked, then one after the other.
    private static int Turned(ReplicaState state, int peer)
    {
        int turned = (peer + state.Pulls - 1) % state.Validators.Count;
        return turned == state.Self ? (turned + 1) % state.Validators.Count : turned;
    }

    private static void Ask(ReplicaState state, int peer, Message message)
    {
        if (peer != state.Self)
        {
            state.Outbox.Add(new Effect.Send(state.Validators[peer].Node, message));
        }
    }

    private static int Voter(ReplicaState state, Certificate certificate)
    {
        int place = state.Pulls % certificate.Votes.Count;
        int voter = certificate.Votes[place].Voter;
        return voter == state.Self ? certificate.Votes[(place + 1) % certificate.Votes.Count].Voter : voter;
    }

    private static Certificate? Certified(ReplicaState state, Message.Pull pull)
    {
        ViewState? view = state.FindView(pull.View);
        Certificate? certificate = pull.Kind switch
        {
            BallotKind.Notarize => view?.Notarization,
            BallotKind.Nullify => view?.Nullification,
            _ => view?.Finalization,
        };
        return certificate is not null && certificate.Block == pull.Block ? certificate : null;
    }

    private static bool TryAdd(List<Certificate> found, Certificate? certificate, ref int room)
    {
        if (certificate is null || found.Contains(certificate))
        {
            return true;
        }

        room -= 64 + (certificate.Votes.Count * (Vote.SignatureSizeMax + 64));
        if (room < 0 || found.Count >= MessageCodec.CertificatesMax)
        {
            return false;
        }

        found.Add(certificate);
        return true;
    }

    private static ulong Lowest(ulong bits, int count)
    {
        ulong taken = 0;
        for (int i = 0; i < count && bits != 0; i++)
        {
            ulong bit = bits & (~bits + 1);
            taken |= bit;
            bits ^= bit;
        }

        return taken;
    }
}
