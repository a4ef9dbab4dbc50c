using SigmaComms.Actors;
using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;

namespace SigmaComms.Equivocator;

/// <summary>
/// Signs what the replica asks for, and beside it what the vote guard would never admit: for each notarized block
/// another one in the same view, and for each proposal a second one. Both go to every validator.
/// </summary>
internal sealed class EquivocatingSigner : ReceiveActor
{
    private readonly ControlDesk _desk;
    private readonly VoteSigner _signer;

    public EquivocatingSigner(ControlDesk desk)
    {
        _desk = desk;
        _signer = new VoteSigner(desk);
        Receive<UseKey>(use => _signer.Use(use.Key));
        Receive<SignVote>(OnSign);
    }

    protected override ValueTask PostStop()
    {
        _signer.Use(null);
        return ValueTask.CompletedTask;
    }

    private void OnSign(SignVote sign)
    {
        if (_signer.Sign(sign, sign.Ballot) is not Vote vote)
        {
            return;
        }

        if (LieBeside(sign) is { } lie)
        {
            _desk.Broadcast(lie, _desk.Board.Validators);
        }

        Sender?.Tell(VoteSigner.Answer(vote, sign), Self);
    }

    private Message? LieBeside(SignVote sign)
    {
        Ballot ballot = sign.Ballot;
        if (sign.Block is { } block)
        {
            BlockHeader header = block.Header with { Timestamp = block.Header.Timestamp + 1 };
            return Block.TryJoin(header, block.Body, out Block? second)
                && _signer.Sign(sign, Ballot.Propose(ballot.Epoch, ballot.View, second.Digest)) is Vote proposal
                ? new Message.Propose(proposal, second)
                : null;
        }

        if (!ballot.Notarizes(out Consensus.View view, out Digest notarized))
        {
            return null;
        }

        Digest another = Digest.Sha256(notarized.ToArray());
        return _signer.Sign(sign, Ballot.Notarize(ballot.Epoch, view, another)) is Vote vote
            ? new Message.VoteCast(vote)
            : null;
    }
}
