using SigmaComms.Actors;
using SigmaComms.Consensus.Votes;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>Signs this node's votes, off the replica's turn.</summary>
internal sealed class SignerActor : ReceiveActor
{
    private readonly VoteSigner _signer;

    public SignerActor(ControlDesk desk)
    {
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
        if (_signer.Sign(sign, sign.Ballot) is Vote vote)
        {
            Sender?.Tell(VoteSigner.Answer(vote, sign), Self);
        }
    }
}
