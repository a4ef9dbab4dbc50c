using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>What was durable is known again; nothing that was said is ever contradicted.</summary>
internal static class Recovering
{
    private const ulong VotesBehindMax = 4;

    public static void Replay(ReplicaState state, IEnumerable<WalRecord> records)
    {
        state.Outbox.IsMuted = true;
        View voted = new(0);
        foreach (WalRecord record in records)
        {
            Epoch before = state.Epoch;
            Replay(state, record, ref voted);
            voted = state.Epoch == before ? voted : new View(0);
        }

        while (Viewing.TryAdvance(state))
        {
        }

        // A view is entered durably before a vote is cast in it.
        Invariant.Holds(voted <= state.View);
        state.Outbox.IsMuted = false;
    }

    /// <summary>Says once more what may not have been heard, in the same words.</summary>
    public static void Resay(ReplicaState state)
    {
        if (!state.IsVoting)
        {
            return;
        }

        foreach (ViewState view in state.Views.Values)
        {
            bool isRecent = view.View > state.FinalView
                && view.View.Value + VotesBehindMax >= state.View.Value;
            if (!isRecent)
            {
                continue;
            }

            foreach (Ballot ballot in BallotsOf(state, view))
            {
                if (ballot.Kind != BallotKind.Propose)
                {
                    state.Outbox.Add(new Effect.SignAndBroadcast(ballot));
                }
                else if (view.View == state.View && state.Tree.Find(ballot.Block)?.Block is Blocks.Block block)
                {
                    state.Outbox.Add(new Effect.SignAndPropose(ballot, block));
                }
            }
        }
    }

    /// <summary>From these records and a snapshot of the last final block the present state is found again.</summary>
    public static List<WalRecord> LiveRecords(ReplicaState state)
    {
        List<WalRecord> records = [];
        foreach (BlockNode node in state.Tree.ByHeight())
        {
            if (node.IsPersisted && node.Block is not null)
            {
                records.Add(new WalRecord.BlockHeld(node.Block));
            }
        }

        foreach (ViewState view in state.Views.Values)
        {
            if (view.View <= state.FinalView)
            {
                continue;
            }

            foreach (Ballot ballot in BallotsOf(state, view))
            {
                records.Add(new WalRecord.OwnBallot(ballot));
            }

            AddHeld(records, view.Notarization);
            AddHeld(records, view.Nullification);
            AddHeld(records, view.Finalization);
        }

        return records;
    }

    private static void Replay(ReplicaState state, WalRecord record, ref View voted)
    {
        switch (record)
        {
            case WalRecord.OwnBallot own when own.Ballot.Epoch >= state.Epoch:
                Invariant.Holds(own.Ballot.Epoch == state.Epoch);
                Remember(state, own.Ballot, ref voted);
                break;
            case WalRecord.CertificateHeld held when held.Certificate.Epoch >= state.Epoch:
                Invariant.Holds(held.Certificate.Epoch == state.Epoch);
                Counting.Certify(state, held.Certificate);
                break;
            case WalRecord.BlockHeld held when held.Block.Header.Epoch == state.Epoch
                && held.Block.Header.Height > state.Tree.Root.Header.Height:
                state.Tree.Add(held.Block).IsPersisted = true;
                break;
            case WalRecord.Finalized final when final.Epoch == state.Epoch && final.View > state.FinalView:
                Certificate? finalization = state.FindView(final.View)?.Finalization;
                Invariant.Holds(finalization is not null && finalization.Block == final.Block);
                Committing.Commit(state, finalization);
                break;
            case WalRecord.EpochStarted started when started.Epoch >= state.Epoch:
                Invariant.Holds(started.Epoch == state.Epoch);
                break;
        }
    }

    private static void Remember(ReplicaState state, Ballot ballot, ref View voted)
    {
        View view = ballot.View;
        if (view > state.FinalView)
        {
            OwnVotes own = state.ViewOf(view).Own;
            switch (ballot.Kind)
            {
                case BallotKind.Propose:
                    own.Propose(ballot.Block);
                    if (state.Tree.Find(ballot.Block)?.Block is Blocks.Block block)
                    {
                        state.ViewOf(view).Propose(null, block);
                    }

                    break;
                case BallotKind.Nullify:
                    own.Nullify(ballot.Since);
                    break;
                case BallotKind.Finalize or BallotKind.Bundle:
                    own.Finalize(ballot.Block);
                    state.FinalizeCast = view > state.FinalizeCast ? view : state.FinalizeCast;
                    break;
            }
        }

        if (ballot.Notarizes(out View notarized, out Digest digest) && notarized > state.FinalView)
        {
            state.ViewOf(notarized).Own.Notarize(digest);
            view = notarized;
        }

        voted = view > voted ? view : voted;
    }

    private static List<Ballot> BallotsOf(ReplicaState state, ViewState view)
    {
        List<Ballot> ballots = [];
        OwnVotes own = view.Own;
        if (own.Proposed is Digest proposed)
        {
            ballots.Add(Ballot.Propose(state.Epoch, view.View, proposed));
        }

        if (own.Notarized is Digest notarized)
        {
            ballots.Add(Ballot.Notarize(state.Epoch, view.View, notarized));
        }

        if (own.NullifiedSince is View since)
        {
            ballots.Add(Ballot.Nullify(state.Epoch, view.View, since));
        }

        if (own.Finalized is Digest finalized)
        {
            ballots.Add(Ballot.Finalize(state.Epoch, view.View, finalized));
        }

        return ballots;
    }

    private static void AddHeld(List<WalRecord> records, Certificate? certificate)
    {
        if (certificate is not null)
        {
            records.Add(new WalRecord.CertificateHeld(certificate));
        }
    }
}
