using SigmaComms.Actors;
using SigmaComms.Actors.Supervision;
using SigmaComms.Cluster.Membership;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Peers;

/// <summary>Supervises one actor per peer, and hands them accepted links and what membership learned.</summary>
internal sealed class TransportActor : ReceiveActor
{
    private readonly NodeContext _node;
    private readonly IActorRef _membership;
    private readonly NodeLinkHandler _handler;
    private readonly Dictionary<NodeId, ulong> _told = [];

    public TransportActor(NodeContext node, IActorRef membership, NodeLinkHandler handler)
    {
        _node = node;
        _membership = membership;
        _handler = handler;
        Receive<ViewChanged>(OnViewChanged);
        Receive<LinkAccepted>(OnAccepted);
        Receive<AskPeer>(ask => Context.Child(ask.Peer.ToString())?.Tell(new ConfirmAlive(ask.Nonce)));
        Receive<FindPeer>(find => Sender?.Tell(new PeerFound(Find(find.Peer))));
    }

    /// <summary>
    /// A peer's actor that failed dropped its links; it begins anew after a growing wait, without end.
    /// </summary>
    protected override SupervisorStrategy SupervisorStrategy => new OneForOneStrategy(
        -1,
        TimeSpan.FromMinutes(1),
        _ => Directive.Restart,
        new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), 0.5, TimeSpan.FromMinutes(1)));

    private void OnViewChanged(ViewChanged changed)
    {
        foreach (Member member in changed.View.Members.Values.Where(member => member.Id != _node.Self))
        {
            IActorRef peer = Find(member.Id);
            if (!_told.TryGetValue(member.Id, out ulong told) || told != member.Incarnation)
            {
                _told[member.Id] = member.Incarnation;
                peer.Tell(member);
            }
        }
    }

    private void OnAccepted(LinkAccepted accepted)
    {
        IActorRef peer = Find(accepted.Peer);
        peer.Tell(accepted.Ready);
    }

    private IActorRef Find(NodeId peer) => Context.Child(peer.ToString()) ?? Context.ActorOf(
        Props.Create(() => new PeerActor(_node, peer, _membership, _handler)), peer.ToString());
}
