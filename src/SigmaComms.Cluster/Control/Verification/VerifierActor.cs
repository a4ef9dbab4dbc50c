using SigmaComms.Actors;
using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Cluster.Control.Transfer;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Cryptography;

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
            object? message = HostMessageCodec.IsHostMessage(frame.Content.Span) ? OfHost(frame) : OfCore(frame);
            isPassedOn = message is not null && _replica.TryTell(message) == SendResult.Accepted;
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

    private InputArrived? OfCore(in PeerFrame frame)
    {
        Input? input = _desk.Verifier.Verify(
            frame.From, frame.Content, _desk.Board.Validators, out RefusedFrame refused);
        if (input is null or Input.OtherEpochSeen)
        {
            _desk.Refuse(frame.From, refused);
        }

        return input is null ? null : new InputArrived(input, frame);
    }

    private HostArrived? OfHost(in PeerFrame frame)
    {
        if (!HostMessageCodec.TryDecode(frame.Content.Span, out HostMessage? message))
        {
            _desk.Refuse(frame.From, RefusedFrame.Malformed);
            return null;
        }

        if (message is HostMessage.ReadSaid { Certificate: { } certificate }
            && !_desk.Verifier.IsSigned(certificate, _desk.Board.Validators))
        {
            _desk.Refuse(frame.From, RefusedFrame.Unsigned);
            return null;
        }

        if (message is HostMessage.SnapshotOffered or HostMessage.HandoversFound && !IsProven(frame.From, message))
        {
            _desk.Refuse(frame.From, RefusedFrame.Unsigned);
            return null;
        }

        return new HostArrived(message, frame);
    }

    // Nobody who was not asked can have so many signatures verified.
    private bool IsProven(NodeId from, HostMessage message)
    {
        if (_desk.Fetch.For(from) is not { } validators)
        {
            return false;
        }

        FinalityVerifier known = new(_desk.Genesis.Cluster, validators, MlDsa65Verifier.Instance);
        return message switch
        {
            HostMessage.SnapshotOffered offered => offered.Offer.IsProven(known),
            HostMessage.HandoversFound found => SnapshotOffer.Follow(known, found.Handovers) is not null,
            _ => false,
        };
    }
}
