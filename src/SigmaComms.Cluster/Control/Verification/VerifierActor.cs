using SigmaComms.Actors;
using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Consensus.Replicas;

namespace SigmaComms.Cluster.Control.Verification;

/// <summary>
/// One worker of the pool that verifies what peers send; each message lets it take frames until there is none, and
/// others have their turn between.
/// </summary>
internal sealed class VerifierActor : ReceiveActor
{
    private const int FramesPerTurn = 8;

    private readonly ControlDesk _desk;
    private readonly VerifierWakeUp _wakeUp;
    private readonly IActorRef _replica;

    public VerifierActor(ControlDesk desk, VerifierWakeUp wakeUp, IActorRef replica)
    {
        _desk = desk;
        _wakeUp = wakeUp;
        _replica = replica;
        Receive<FramesWait>(OnFramesWait);
    }

    protected override ValueTask PreStart()
    {
        _wakeUp.Bind(Self);
        return ValueTask.CompletedTask;
    }

    private void OnFramesWait(FramesWait _)
    {
        _wakeUp.Heard();
        for (int i = 0; i < FramesPerTurn; i++)
        {
            if (!_desk.Frames.TryTake(out PeerFrame frame))
            {
                return;
            }

            Verify(frame);
        }

        _wakeUp.Wake();
    }

    private void Verify(in PeerFrame frame)
    {
        bool isPassedOn = false;
        try
        {
            Input? input = _desk.Verifier.Verify(
                frame.From, frame.Content, _desk.Board.Validators, out RefusedFrame refused);
            if (input is null or Input.OtherEpochSeen)
            {
                _desk.Refuse(frame.From, refused);
            }

            if (input is not null)
            {
                isPassedOn = _replica.TryTell(new InputArrived(input, frame)) == SendResult.Accepted;
            }
        }
        finally
        {
            _desk.Frames.Done(frame.From);
            if (!isPassedOn)
            {
                _desk.Frames.Release(frame);
            }
        }
    }
}
