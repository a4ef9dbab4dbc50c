using SigmaComms.Actors;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>Signs this node's votes, off the replica's turn.</summary>
internal sealed class SignerActor : ReceiveActor
{
    private readonly ControlDesk _desk;
    private MlDsa65SigningKey? _key;

    public SignerActor(ControlDesk desk)
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

        Ballot ballot = sign.Ballot;
        byte[] signature = _key.Sign(
            ballot.SignedMessage(sign.Incarnation), ballot.SignatureContext(_desk.Genesis.Cluster),
            _desk.Node.Random);
        var vote = new Vote(ballot, sign.Voter, sign.Incarnation, signature);
        Message message = sign.Block is { } block ? new Message.Propose(vote, block) : new Message.VoteCast(vote);
        Sender?.Tell(new VoteSigned(vote, MessageCodec.Encode(message)), Self);
    }
}
