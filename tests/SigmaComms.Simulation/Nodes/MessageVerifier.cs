using SigmaComms.Consensus;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Simulation.Keys;

namespace SigmaComms.Simulation.Nodes;

/// <summary>What a host checks before a message reaches its replica.</summary>
internal sealed class MessageVerifier(ISignatureScheme scheme)
{
    private static readonly byte[] GroupContext = CommandGroup.SignatureContext(SimIdentity.Cluster);

    /// <summary>The epoch of whose validators the message speaks; null if of none.</summary>
    public static Epoch? EpochOf(Message message) => message switch
    {
        Message.Propose m => m.Vote.Ballot.Epoch,
        Message.VoteCast m => m.Vote.Ballot.Epoch,
        Message.Certificates m => m.Items[0].Epoch,
        Message.Have m => m.Epoch,
        Message.Pull m => m.Epoch,
        Message.PullViews m => m.Epoch,
        Message.PullBlock m => m.Epoch,
        Message.FinalBlocks m => m.Proof.Certificate.Epoch,
        _ => null,
    };

    /// <summary>Whether every signature in a message of this epoch is good.</summary>
    public bool IsGood(Message message, ValidatorSet validators) => message switch
    {
        Message.Propose m => IsGood(m.Vote, validators) && IsGood(m.Block),
        Message.VoteCast m => IsGood(m.Vote, validators),
        Message.Certificates m => m.Items.All(item => IsGood(item, validators)),
        Message.BlockFound m => IsGood(m.Block),
        Message.FinalBlocks m => IsGood(m.Proof.Certificate, validators) && m.Blocks.All(IsGood),
        Message.Submit m => IsGood(m.Group),
        _ => true,
    };

    public bool IsGood(CommandGroup group) => scheme.Verifier.Verify(
        group.SignerKey.Span, group.Signed.Span, GroupContext, group.Signature.Span);

    private bool IsGood(Block block) => block.Body.Groups.All(IsGood);

    private bool IsGood(Vote vote, ValidatorSet validators) =>
        vote.Voter < validators.Count && scheme.Verifier.Verify(
            validators[vote.Voter].VotingKey.Span,
            vote.Ballot.SignedMessage(vote.Incarnation),
            vote.Ballot.SignatureContext(SimIdentity.Cluster),
            vote.Signature.Span);

    private bool IsGood(Certificate certificate, ValidatorSet validators)
    {
        if (!certificate.IsAmong(validators))
        {
            return false;
        }

        for (int i = 0; i < certificate.Votes.Count; i++)
        {
            if (!IsGood(certificate.VoteAt(i, validators), validators))
            {
                return false;
            }
        }

        return true;
    }
}
