using System.Numerics;
using SigmaComms.Consensus.Evidence;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>Votes become certificates; votes that contradict each other become evidence.</summary>
internal static class Counting
{
    /// <summary>Counts a vote whose signature was verified.</summary>
    public static void Count(ReplicaState state, Vote vote)
    {
        Ballot ballot = vote.Ballot;
        if (ballot.Epoch != state.Epoch || vote.Voter >= state.Validators.Count)
        {
            return;
        }

        if (vote.Incarnation != state.Validators[vote.Voter].Incarnation)
        {
            Accuse(state, new Accusation(Misbehaviour.ForeignIncarnation, vote, null, null));
            return;
        }

        if (ballot.Notarizes(out View view, out Digest block))
        {
            CountPart(state, vote, BallotKind.Notarize, view, block);
        }

        if (ballot.Finalizes)
        {
            CountPart(state, vote, BallotKind.Finalize, ballot.View, ballot.Block);
        }
        else if (ballot.Kind == BallotKind.Nullify)
        {
            CountPart(state, vote, BallotKind.Nullify, ballot.View, default);
        }
    }

    /// <summary>Takes a certificate, or a part of one, whose signatures were verified.</summary>
    public static void Take(ReplicaState state, Certificate certificate)
    {
        if (!certificate.IsAmong(state.Validators) || certificate.View <= state.FinalView)
        {
            return;
        }

        for (int i = 0; i < certificate.Votes.Count; i++)
        {
            Count(state, certificate.VoteAt(i, state.Validators));
        }

        // The votes of a view far ahead are not counted one by one, yet a quorum counts wherever it stands.
        if (certificate.IsQuorumOf(state.Validators))
        {
            Certify(state, certificate);
            Skipping.ForgetOld(state);
        }
    }

    /// <summary>Records a certificate by a quorum.</summary>
    public static void Certify(ReplicaState state, Certificate certificate)
    {
        Invariant.Holds(certificate.IsQuorumOf(state.Validators));
        bool isWanted = certificate.View > state.FinalView
            && (certificate.View >= state.OldestWhole || Skipping.IsOfUse(state, certificate));
        if (!isWanted || !state.ViewOf(certificate.View).TryCertify(certificate, state.Validators))
        {
            return;
        }

        if (certificate.View > state.CertifiedView)
        {
            state.CertifiedView = certificate.View;
        }

        if (certificate.Kind == BallotKind.Finalize)
        {
            // It may open the next view before its blocks are all there, so it must be found again.
            state.Outbox.Persist(new WalRecord.CertificateHeld(certificate));
            if (state.Finalization is null || certificate.View > state.Finalization.View)
            {
                state.Finalization = certificate;
            }

            return;
        }

        state.Outbox.Persist(new WalRecord.CertificateHeld(certificate));
        if (certificate.Kind == BallotKind.Notarize && certificate.View >= state.OldestWhole)
        {
            state.FinalizeDue.Add(certificate.View.Value);
        }
    }

    /// <summary>Tells of misbehaviour, once of each validator, kind and epoch.</summary>
    public static void Accuse(ReplicaState state, Accusation accusation)
    {
        Invariant.Holds(accusation.IsSound(state.Validators));
        if (accusation.Accused != state.Self && state.Accused.Add((accusation.Accused, accusation.Kind)))
        {
            state.Outbox.Add(new Effect.Accuse(accusation));
        }
    }

    private static void CountPart(ReplicaState state, Vote vote, BallotKind kind, View view, Digest block)
    {
        if (view <= state.FinalView || view < state.OldestWhole
            || view.Value > state.View.Value + ReplicaState.VotesAheadMax)
        {
            return;
        }

        ViewState known = state.ViewOf(view);
        Convict(state, known, vote, kind, block);
        Tally? tally = known.TallyFor(kind, block, vote.Voter);
        if (tally is null || !tally.TryAdd(vote))
        {
            return;
        }

        if (tally.Count == state.Validators.Quorum)
        {
            Invariant.Holds(BitOperations.Log2(tally.Voters) < state.Validators.Count);
            Certificate? certificate = tally.Select(ulong.MaxValue, state.Validators.Quorum);
            Invariant.Holds(certificate is not null);
            Certify(state, certificate);
        }
    }

    private static void Convict(ReplicaState state, ViewState view, Vote vote, BallotKind kind, Digest block)
    {
        byte voter = vote.Voter;
        Misbehaviour twice = kind == BallotKind.Notarize ? Misbehaviour.TwoNotarizations : Misbehaviour.TwoFinalizes;
        foreach (Tally tally in view.TalliesOf(kind))
        {
            if (tally.Block != block && tally[voter] is Vote other)
            {
                Accuse(state, new Accusation(twice, other, vote, null));
            }
        }

        if (kind == BallotKind.Finalize && view.Nullifies[voter] is Vote nullify)
        {
            Accuse(state, new Accusation(Misbehaviour.NullifyAndFinalize, nullify, vote, null));
        }
        else if (kind == BallotKind.Nullify)
        {
            foreach (Tally tally in view.TalliesOf(BallotKind.Finalize))
            {
                if (tally[voter] is Vote finalize)
                {
                    Accuse(state, new Accusation(Misbehaviour.NullifyAndFinalize, vote, finalize, null));
                }
            }
        }
    }
}
