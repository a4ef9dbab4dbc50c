using SigmaComms.Actors;
using SigmaComms.Actors.Supervision;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Remoting;

/// <summary>
/// Watches the actors that one peer was given, so that it learns of their ends and the table of them stays small, and
/// keeps the senders of the two lanes.
/// </summary>
internal sealed class PeerDesk : ReceiveActor
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);

    private readonly RemotePeer _peer;
    private readonly Dictionary<Lane, IActorRef> _lanes = [];

    public PeerDesk(RemotePeer peer)
    {
        _peer = peer;
        Receive<ActorGiven>(given => Context.Watch(given.Actor));
        Receive<Terminated>(ended => _peer.Forget(ended.Actor));
        Receive<LaneAwake>(awake => _lanes[awake.Lane].Tell(awake));
        Receive<Tick>(_ => _peer.Tick());
    }

    /// <summary>A sender keeps nothing of its own: a failed one goes on with the next batch.</summary>
    protected override SupervisorStrategy SupervisorStrategy => RemotingActor.NeverGivesUp;

    protected override ValueTask PreStart()
    {
        foreach (Lane lane in new[] { Lane.Control, Lane.Bulk })
        {
            string name = lane == Lane.Control ? "control" : "bulk";
            _lanes[lane] = Context.ActorOf(Props.Create(() => new LaneActor(_peer, lane)), name);
        }

        Context.Timers.StartPeriodic(nameof(Tick), new Tick(), TickInterval);
        _peer.Attach(Self);
        return ValueTask.CompletedTask;
    }

    private sealed record Tick;
}
