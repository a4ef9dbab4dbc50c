using SigmaComms.Actors;
using SigmaComms.Actors.Supervision;
using SigmaComms.Cluster.Attachments;
using SigmaComms.Cluster.Clients;
using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Cluster.Directory;
using SigmaComms.Cluster.Journals;
using SigmaComms.Cluster.Mailboxes;
using SigmaComms.Cluster.Membership;
using SigmaComms.Cluster.Peers;
using SigmaComms.Cluster.Remoting;
using SigmaComms.Cluster.Storage;
using SigmaComms.Cluster.Storage.Buckets;
using SigmaComms.Cluster.Storage.Collection;
using SigmaComms.Cluster.Storage.Doors;
using SigmaComms.Cluster.Storage.Repair;
using SigmaComms.Cluster.Telemetry;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence.EventSourcing;
using SigmaComms.Persistence.Guarding;

namespace SigmaComms.Cluster;

/// <summary>The root of a node's tree. A part that fails too often ends the node cleanly, with its reason.</summary>
internal sealed class NodeSupervisor : ReceiveActor
{
    private readonly NodeContext _node;
    private readonly NodeObserver _observer;
    private readonly GuardedStore _store;
    private readonly MemberStore _members;
    private readonly NodeAnnouncement _announcement;
    private readonly TaskCompletionSource<NodeParts> _parts;
    private readonly TaskCompletionSource _joined;
    private readonly List<IActorRef> _viewers = [];
    private IActorRef? _transport;
    private bool _stopping;

    public NodeSupervisor(
        NodeContext node,
        NodeObserver observer,
        GuardedStore store,
        MemberStore members,
        NodeAnnouncement announcement,
        TaskCompletionSource<NodeParts> parts,
        TaskCompletionSource joined)
    {
        _node = node;
        _observer = observer;
        _store = store;
        _members = members;
        _announcement = announcement;
        _parts = parts;
        _joined = joined;
        Receive<ViewChanged>(OnViewChanged);
        Receive<AskPeer>(ask => _transport?.Tell(ask));
        Receive<NodeJoined>(OnJoined);
        Receive<PartEnded>(OnPartEnded);
        Receive<StopParts>(_ => _stopping = true);
    }

    /// <summary>
    /// Each part reads what it needs from disk and peers again, so a failed one begins anew, with growing waits;
    /// ten failures within a minute stop it, and <see cref="OnPartEnded"/> then stops the node. A store that is away is
    /// waited for without a limit: it would stop all nodes that use it, and none would come back with it.
    /// </summary>
    protected override SupervisorStrategy SupervisorStrategy => new OneForOneStrategy(
        10,
        TimeSpan.FromMinutes(1),
        _ => Directive.Restart,
        new Backoff(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5), 0.5, TimeSpan.FromMinutes(1)))
    {
        Counts = static cause => !RecoveringStrategy.IsOutage(cause),
    };

    protected override ValueTask PreStart()
    {
        // First, so that it sees the others start. A node does not end because nobody hears it.
        TelemetryActor.Subscribe(
            Context.System.EventStream,
            Context.ActorOf(Props.Create(() => new TelemetryActor(_node, _observer)), "telemetry"));
        Part(Props.Create(() => new JournalActor(_node, _store)), "journal");
        IActorRef mailboxes = Part(Props.Create(() => new MailboxesActor(_node)), "mailboxes");
        IActorRef directory = Part(Props.Create(() => new DirectoryActor(_node)), "directory");
        IActorRef prekeys = Part(Props.Create(() => new PrekeysActor(_node)), "prekeys");
        var store = new LocalStore(_node, new LocalParts(mailboxes, directory, prekeys));
        var subscriptions = new SubscriptionTable();
        Part(Props.Create(() => new RemotingActor(_node.Remote)), "remoting");
        IActorRef clients = Part(Props.Create(() => new ClientsActor(_node, store, subscriptions)), "clients");
        IActorRef membership = Part(
            Props.Create(() => new MembershipActor(_node, _members, _announcement)), "membership");
        _node.Refresh.Learner = membership;
        var storageDoor = new StorageDoor(_node);
        var handler = new NodeLinkHandler(
            store, storageDoor, new OwnershipJudge(_node), subscriptions, membership, new IdentityProof(_node),
            _node.Remote, _node.Control);
        IActorRef transport = Part(
            Props.Create(() => new TransportActor(_node, membership, handler)), "transport");
        _transport = transport;
        _viewers.AddRange([transport, mailboxes, directory, clients]);
        ControlLog? control = StartControl();
        FragmentStorage? storage = StartStorage();
        _node.Fragments ??= storage;
        var lookup = new DeviceLookup(_node, new NodeRouter(_node, store));
        StartRepair(control, storageDoor, lookup);
        storageDoor.Open(control);
        var router = new EntryRouter(_node, new NodeRouter(_node, store), control);
        var door = new ClientDoor(_node, router, store, storageDoor, clients);
        door.Open();
        _parts.TrySetResult(new NodeParts(
            new LinkAcceptor(_node, membership, transport, handler, door), door, router, control, storageDoor)
        {
            Storage = storage,
        });
        return ValueTask.CompletedTask;
    }

    protected override ValueTask PostStop()
    {
        _node.RepairDesk?.Book.Dispose();
        return ValueTask.CompletedTask;
    }

    private ControlLog? StartControl()
    {
        if (_node.Control is not { } desk)
        {
            return null;
        }

        IActorRef control = Part(Props.Create(() => new ControlActor(desk)), "control");
        _viewers.Add(control);
        return new ControlLog(desk, control);
    }

    private FragmentStorage? StartStorage() => _node.Storage is { } desk
        ? new FragmentStorage(desk, Part(Props.Create(() => new StorageSupervisor(desk)), "storage"))
        : null;

    private void StartRepair(ControlLog? control, StorageDoor door, DeviceLookup devices)
    {
        if (control is null || _node.Fragments is not IFragmentShelf shelf)
        {
            return;
        }

        if (shelf is BucketShelf bucket)
        {
            ActorSystem system = Context.System;
            bucket.Damaged = damaged => system.EventStream.Publish(damaged);
        }

        var age = new AttachmentAge(_node.Options.TimeToLive, _node.Time);
        var room = new AttachmentRoom(AttachmentBytesMax);
        RepairDesk desk = RepairStart.Open(_node, shelf, control, age, room);
        _node.RepairDesk = desk;
        _node.PeerFragments = new VouchingStore(shelf, desk.Book, _node.Time);
        door.IsDropped = desk.IsDropped;
        door.Attachments = new AttachmentRights(age, room, devices.ObjectionAsync);

        // Not a part: a node that cannot repair serves all the same.
        Context.ActorOf(
            Props.Create(() => new RepairActor(desk, _node.Time, _node.Logger)).WithDispatcher(Dispatcher.Pinned),
            "repair");
    }

    /// <summary>Attachments leave half of the room to vaults.</summary>
    private long AttachmentBytesMax() => _node.Storage?.Figures.CapacityBytes is > 0 and { } capacity
        ? Math.Min(_node.Options.AttachmentBytesMax, capacity / 2)
        : _node.Options.AttachmentBytesMax;

    private IActorRef Part(Props props, string name)
    {
        IActorRef part = Context.ActorOf(props, name);
        Context.WatchWith(part, new PartEnded(name));
        return part;
    }

    private void OnViewChanged(ViewChanged changed)
    {
        foreach (IActorRef viewer in _viewers)
        {
            viewer.Tell(changed);
        }
    }

    private void OnJoined(NodeJoined joined)
    {
        _node.Logger.NodeJoined(_node.Self.Short, joined.Members);
        _joined.TrySetResult();
    }

    private void OnPartEnded(PartEnded ended)
    {
        if (!_stopping)
        {
            _node.Fail(new ClusterException(
                ClusterFailure.Broken,
                $"the part {ended.Name} failed ten times within a minute and was stopped; see the log before it"));
        }
    }

    private sealed record PartEnded(string Name);

    internal sealed record StopParts;
}
