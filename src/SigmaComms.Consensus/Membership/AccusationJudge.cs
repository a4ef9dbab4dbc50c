using SigmaComms.Consensus.Evidence;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Membership;

/// <summary>
/// Convicts by signatures that contradict each other. A block that contradicts its parent is not proven by signatures
/// alone: whom several validators saw proposing one, they evict.
/// </summary>
/// <param name="signatures">Verifies the votes.</param>
public sealed class AccusationJudge(ISignatureVerifier signatures) : IEvidenceJudge
{
    /// <inheritdoc/>
    public bool TryConvict(Digest cluster, ValidatorSet validators, ReadOnlySpan<byte> evidence, out NodeId guilty)
    {
        guilty = default;
        if (!Accusation.TryDecode(evidence, out Accusation? accusation)
            || accusation.Kind == Misbehaviour.InvalidBlock
            || !accusation.IsSound(validators)
            || !IsSigned(accusation.First)
            || (accusation.Second is { } second && !IsSigned(second)))
        {
            return false;
        }

        guilty = validators[accusation.Accused].Node;
        return true;

        bool IsSigned(Vote vote) => signatures.Verify(
            validators[vote.Voter].VotingKey.Span,
            vote.Ballot.SignedMessage(vote.Incarnation),
            vote.Ballot.SignatureContext(cluster),
            vote.Signature.Span);
    }
}
