using SigmaComms.Actors;
using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Equivocator;

/// <summary>
/// Signs what the replica asks for, and beside it what the vote guard would never admit: for each notarized block
/// another one in the same view, and for each proposal a second one. Both go to every validator.
/// </summary>
internal sealed class EquivocatingSigner : ReceiveActor
{
    private readonly ControlDesk _desk;
    private MlDsa65SigningKey? _key;

    public EquivocatingSigner(ControlDesk desk)
    {
        _desk = desk;
        Receive<UseKey>(OnUse);
        Receive<SignVote>(OnSign);
    }

    protected override ValueTask PostStop()
    {
        _key?.Dispose();
        _key = null;
        return ValueTask.CompletedTask;
    }

    private void OnUse(UseKey use)
    {
        _key?.Dispose();
        _key = use.Key;
    }

    private void OnSign(SignVote sign)
    {
        if (_key is null)
        {
            return;
        }

        Vote vote = Sign(_key, sign, sign.Ballot);
        Message message = sign.Block is { } block ? new Message.Propose(vote, block) : new Message.VoteCast(vote);
        if (LieBeside(_key, sign) is { } lie)
        {
            _desk.Broadcast(lie, _desk.Board.Validators);
        }

        Sender?.Tell(new VoteSigned(vote, MessageCodec.Encode(message)), Self);
    }

    private Message? LieBeside(MlDsa65SigningKey key, SignVote sign)
    {
        Ballot ballot = sign.Ballot;
        if (sign.Block is { } block)
        {
            BlockHeader header = block.Header with { Timestamp = block.Header.Timestamp + 1 };
            return Block.TryJoin(header, block.Body, out Block? second)
                ? new Message.Propose(Sign(key, sign, Ballot.Propose(ballot.Epoch, ballot.View, second.Digest)), second)
                : null;
        }

        if (!ballot.Notarizes(out Consensus.View view, out Digest notarized))
        {
            return null;
        }

        Digest another = Digest.Sha256(notarized.ToArray());
        return new Message.VoteCast(Sign(key, sign, Ballot.Notarize(ballot.Epoch, view, another)));
    }

    private Vote Sign(MlDsa65SigningKey key, SignVote sign, Ballot ballot) => new(
        ballot,
        sign.Voter,
        sign.Incarnation,
        key.Sign(
            ballot.SignedMessage(sign.Incarnation), ballot.SignatureContext(_desk.Genesis.Cluster),
            _desk.Node.Random));
}
