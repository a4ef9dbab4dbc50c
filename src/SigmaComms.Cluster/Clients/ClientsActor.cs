using SigmaComms.Actors;
using SigmaComms.Actors.Supervision;
using SigmaComms.Cluster.Membership;

namespace SigmaComms.Cluster.Clients;

/// <summary>Supervises one actor per client that reads its mailbox.</summary>
internal sealed class ClientsActor : ReceiveActor
{
    private const int NodeBits = 16;

    private readonly NodeContext _node;
    private readonly LocalStore _store;
    private readonly SubscriptionTable _table;
    private ulong _lastStamp;

    public ClientsActor(NodeContext node, LocalStore store, SubscriptionTable table)
    {
        _node = node;
        _store = store;
        _table = table;
        Receive<StartSubscription>(OnStart);
        Receive<ViewChanged>(OnViewChanged);
    }

    /// <summary>A subscription that failed is stopped; its client is told and subscribes again.</summary>
    protected override SupervisorStrategy SupervisorStrategy => new OneForOneStrategy(
        0, TimeSpan.FromMinutes(1), _ => Directive.Stop);

    private void OnStart(StartSubscription start)
    {
        ulong stamp = NextStamp();
        Context.ActorOf(Props.Create(() => new SubscriptionActor(_node, _store, _table, start, stamp)));
    }

    /// <summary>Time in the upper bits, the node in the lower ones: no two nodes make the same stamp.</summary>
    private ulong NextStamp()
    {
        ulong now = (ulong)_node.Time.GetUtcNow().UtcTicks >> NodeBits;
        _lastStamp = Math.Max(_lastStamp + 1, now);
        byte[] id = _node.Self.Value.ToArray();
        return (_lastStamp << NodeBits) | ((ulong)id[0] << 8) | id[1];
    }

    private void OnViewChanged(ViewChanged changed)
    {
        foreach (IActorRef subscription in Context.Children)
        {
            subscription.Tell(changed);
        }
    }
}
