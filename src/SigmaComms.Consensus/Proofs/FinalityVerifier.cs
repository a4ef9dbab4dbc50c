using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Proofs;

/// <summary>
/// Says whether a block is final, to somebody who knows the cluster's id and the validators of an epoch and trusts
/// nobody who passes the proof on.
/// </summary>
/// <param name="cluster">The cluster's id.</param>
/// <param name="validators">The epoch's validators.</param>
/// <param name="signatures">Verifies their signatures.</param>
public sealed class FinalityVerifier(Digest cluster, ValidatorSet validators, ISignatureVerifier signatures)
{
    /// <summary>The cluster's id.</summary>
    public Digest Cluster => cluster;

    /// <summary>The epoch's validators.</summary>
    public ValidatorSet Validators => validators;

    /// <summary>
    /// Whether a block of the log is final: a quorum finalized it or a descendant of it, in this epoch. A closing block
    /// is none, whatever was finalized, so of each height one block is final at most.
    /// </summary>
    /// <param name="header">The block.</param>
    /// <param name="proof">Headers from it to a finalization, and the finalization; untrusted.</param>
    public bool IsFinal(BlockHeader header, FinalityProof proof) =>
        proof.Leads(header, validators) && AreSigned(proof.Certificate);

    /// <summary>The same for somebody who follows the cluster into the next epoch.</summary>
    /// <param name="handover">Shows who votes in the next epoch; untrusted.</param>
    /// <returns>A verifier of the next epoch, or null if the hand-over proves nothing.</returns>
    public FinalityVerifier? Follow(EpochHandover handover)
    {
        StateOpening opening = handover.Opening;
        bool isProven = handover.Header.IsEpochEnd
            && IsFinal(handover.Header, handover.Finality)
            && opening.Root == handover.Header.StateRoot
            && opening.Cluster == cluster
            && opening.Validators == ValidatorSetEncoding.DigestOf(validators)
            && opening.NextValidators == ValidatorSetEncoding.DigestOf(handover.Next)
            && handover.Next.Epoch == validators.Epoch.Next;
        return isProven ? new FinalityVerifier(cluster, handover.Next, signatures) : null;
    }

    // The certificate has one vote of each voter, and at least a quorum: every one must hold.
    private bool AreSigned(Certificate certificate)
    {
        for (int place = 0; place < certificate.Votes.Count; place++)
        {
            Vote vote = certificate.VoteAt(place, validators);
            bool isSigned = signatures.Verify(
                validators[vote.Voter].VotingKey.Span,
                vote.Ballot.SignedMessage(vote.Incarnation),
                vote.Ballot.SignatureContext(cluster),
                vote.Signature.Span);
            if (!isSigned)
            {
                return false;
            }
        }

        return true;
    }
}
