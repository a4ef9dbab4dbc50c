using SigmaComms.Actors;
using SigmaComms.Actors.Supervision;

namespace SigmaComms.Cluster.Remoting;

/// <summary>Keeps one desk for each peer that this node shares actors with.</summary>
internal sealed class RemotingActor : ReceiveActor
{
    private readonly RemoteActors _home;
    private readonly Dictionary<RemotePeer, IActorRef> _desks = [];

    public RemotingActor(RemoteActors home)
    {
        _home = home;
        Receive<PeerOpened>(opened => Open(opened.Peer));
        Receive<PeerEvicted>(evicted => Close(evicted.Peer));
    }

    /// <summary>Whoever were given up would leave a peer to which all is accepted and nothing is sent.</summary>
    public static OneForOneStrategy NeverGivesUp { get; } = new(
        -1,
        TimeSpan.FromMinutes(1),
        _ => Directive.Restart,
        new Backoff(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5), 0.5, TimeSpan.FromMinutes(1)));

    /// <summary>What a peer shares is kept outside of its desk, so a failed desk begins again where it was.</summary>
    protected override SupervisorStrategy SupervisorStrategy => NeverGivesUp;

    protected override ValueTask PreStart()
    {
        foreach (RemotePeer peer in _home.Attach(Self))
        {
            Open(peer);
        }

        return ValueTask.CompletedTask;
    }

    private void Open(RemotePeer peer)
    {
        // One that was evicted meanwhile stays away, in whatever order both were told.
        if (_home.Has(peer) && !_desks.ContainsKey(peer))
        {
            _desks[peer] = Context.ActorOf(
                Props.Create(() => new PeerDesk(peer)).WithMailbox(4 * ExportTable.ActorsMax));
        }
    }

    private void Close(RemotePeer peer)
    {
        if (_desks.Remove(peer, out IActorRef? desk))
        {
            Context.Stop(desk);
        }
    }

    internal sealed record PeerOpened(RemotePeer Peer);

    internal sealed record PeerEvicted(RemotePeer Peer);
}
