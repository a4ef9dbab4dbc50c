using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>Has this node's voting key and makes votes of ballots with it. For one actor.</summary>
/// <param name="desk">The cluster and where random numbers come from.</param>
internal sealed class VoteSigner(ControlDesk desk)
{
    private MlDsa65SigningKey? _key;

    /// <summary>Signs with another key from now on, or not at all; the one before is erased.</summary>
    /// <param name="key">The key, which this object owns; null for none.</param>
    public void Use(MlDsa65SigningKey? key)
    {
        _key?.Dispose();
        _key = key;
    }

    /// <summary>Signs a ballot.</summary>
    /// <param name="sign">Under which place and incarnation.</param>
    /// <param name="ballot">The ballot.</param>
    /// <returns>The vote; null if there is no key.</returns>
    public Vote? Sign(SignVote sign, Ballot ballot) => _key is null ? null : new Vote(
        ballot,
        sign.Voter,
        sign.Incarnation,
        _key.Sign(
            ballot.SignedMessage(sign.Incarnation), ballot.SignatureContext(desk.Genesis.Cluster), desk.Node.Random));

    /// <summary>What the replica is told of a vote that it asked for: the vote, and the message with it.</summary>
    /// <param name="vote">The vote.</param>
    /// <param name="sign">What was asked for.</param>
    public static VoteSigned Answer(Vote vote, SignVote sign)
    {
        Message message = sign.Block is { } block ? new Message.Propose(vote, block) : new Message.VoteCast(vote);
        return new VoteSigned(vote, MessageCodec.Encode(message));
    }
}
