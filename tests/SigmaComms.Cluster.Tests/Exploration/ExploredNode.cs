using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Actors;
using SigmaComms.Actors.TestKit;
using SigmaComms.Cluster.Clients;
using SigmaComms.Cluster.Mailboxes;
using SigmaComms.Cluster.Membership;
using SigmaComms.Cluster.Peers;
using SigmaComms.Cluster.Remoting;
using SigmaComms.Cluster.Storage.Doors;
using SigmaComms.Cluster.Telemetry;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence.InMemory;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Tests.Exploration;

/// <summary>The mailboxes of one node, without the rest of it, on the steps of an explored run.</summary>
internal sealed class ExploredNode
{
    private const ulong Incarnation = 1;

    private static readonly ClusterId Cluster = new(new Digest16(new byte[16]));
    private static readonly DateTimeOffset Start = new VirtualTime().GetUtcNow();
    private static readonly ConcurrentDictionary<int, Member> Known = [];
    private static readonly OperatorSignedAdmissions Authority =
        new(Cluster, SimCluster.IdentityOf(1_000).PublicKey);

    private readonly TestSystem _test;
    private readonly IActorRef _nobody;

    public ExploredNode(
        TestSystem test, NodeMeter meter, int number, int[] members, Action<ClusterNodeOptions>? change = null,
        InMemoryStore? disk = null)
    {
        _test = test;
        Store = new SteppedStore(disk ?? new InMemoryStore(test.Time));
        ClusterNodeOptions options = new() { Cluster = Cluster };
        change?.Invoke(options);
        Context = ContextOf(number, members, options, meter);
        _nobody = test.CreateProbe().Ref;
        Mailboxes = test.ActorOf(
            Props.Create(() => new MailboxesActor(Context)), $"mailboxes-{number}-{_nobody.Path.Name}");
        Local = new LocalStore(Context, new LocalParts(Mailboxes, _nobody, _nobody));
        Context.Refresh.Learner = test.ActorOf(
            Props.Create(() => new ExploredMembership(this)), $"membership-{number}-{_nobody.Path.Name}");
        Router = new EntryRouter(Context, new NodeRouter(Context, Local), log: null);
    }

    public SteppedStore Store { get; }

    public NodeContext Context { get; }

    public IActorRef Mailboxes { get; }

    public LocalStore Local { get; }

    public EntryRouter Router { get; }

    public NodeId Id => Context.Self;

    public static HeldMessage Message(int number, int sender = 3_001) => new(
        SimCluster.IdentityOf(sender).Id,
        SimClient.Id(number),
        (ulong)Start.AddDays(1).UtcTicks,
        new byte[] { (byte)number });

    /// <summary>Connects two nodes; each serves what the other asks.</summary>
    public static void Link(ExploredNode one, ExploredNode other)
    {
        SimCable cable = new(null!, null!, one.Id, other.Id);
        one.Accept(new LinkConnection(cable.Left, other.Id, one.Context.LinkOptions(NodeContext.PeerRequestsMax)));
        other.Accept(new LinkConnection(cable.Right, one.Id, other.Context.LinkOptions(NodeContext.PeerRequestsMax)));
    }

    /// <summary>More members become known here, as from gossip or from another node's view.</summary>
    public void Learn(params int[] members) => Learn(members.Select(MemberOf));

    /// <inheritdoc cref="Learn(int[])"/>
    public void Learn(IEnumerable<Member> members)
    {
        ClusterView view = Context.View;
        ImmutableSortedDictionary<NodeId, Member> known = view.Members;
        foreach (Member member in members)
        {
            known = known.SetItem(member.Id, member);
        }

        Context.Views.Publish(view with { Members = known, Membership = Authority.ViewOf(known.Keys) });
        TellView();
    }

    /// <summary>The member with this announcement.</summary>
    public static Member MemberWith(MemberCredential credential) =>
        Known.Values.Single(member => member.Announcement.Encoded.Span.SequenceEqual(credential.Announcement.Span));

    /// <summary>The members changed, or a link came up.</summary>
    public void TellView() => Mailboxes.Tell(new ViewChanged(Context.View));

    /// <summary>Stores a message here; the answer is done or a refusal.</summary>
    public ValueTask<LinkMessage> StoreAsync(NodeId device, int number) =>
        Local.HandleAsync(new Store(device, Message(number)));

    public async Task<LinkMessage> OpenAsync(NodeId device, ExploredReader reader, ulong stamp) =>
        await Local.OpenAsync(new OpenMailbox(device, stamp, Fresh: true), reader);

    public void Acknowledge(NodeId device, Digest16 id) => Local.Acknowledge(new AcknowledgeAt(device, [id]));

    private static Member MemberOf(int number) => Known.GetOrAdd(number, static number =>
    {
        SimIdentity identity = SimCluster.IdentityOf(number);
        NodeAdmission admission = NodeAdmission.Sign(
            SimCluster.IdentityOf(1_000).Key, Cluster, identity.PublicKey, $"n{number}", [], NodeRoles.Storage,
            Start.AddYears(1), new SeededRandom(1));
        NodeAnnouncement announcement = NodeAnnouncement.Sign(
            identity.Key, Cluster, Incarnation, [new NodeEndpoint("127.0.0.1", (ushort)(7000 + number))], Start,
            new SeededRandom(1));
        return new Member(admission, announcement, MemberState.Up, Incarnation);
    });

    private NodeContext ContextOf(int number, int[] members, ClusterNodeOptions options, NodeMeter meter)
    {
        SimIdentity identity = SimCluster.IdentityOf(number);
        return new NodeContext
        {
            Options = options,
            Key = identity.Key,
            Admission = MemberOf(number).Admission,
            Incarnation = Incarnation,
            Authority = Authority,
            Views = new ViewSource(ViewOf(identity.Id, members)),
            Journal = Store,
            Snapshots = Store,
            Dialer = null!,
            Time = _test.Time,
            Random = new SeededRandom(number),
            Logger = NullLogger.Instance,
            Remote = new RemoteActors(_test.System, Incarnation, options.Messages),
            Fail = error => throw error,
            Meter = meter,
        };
    }

    private static ClusterView ViewOf(NodeId self, int[] members)
    {
        var known = members.Select(MemberOf).ToImmutableSortedDictionary(member => member.Id, member => member);
        return new ClusterView(self, known) { Membership = Authority.ViewOf(known.Keys) };
    }

    private void Accept(LinkConnection link)
    {
        var handler = new NodeLinkHandler(
            Local, new StorageDoor(Context), new OwnershipJudge(Context), new SubscriptionTable(), _nobody,
            new IdentityProof(Context), Context.Remote, null);
        handler.Bind(link, Lane.Bulk, _nobody);
        link.Start();
        Context.Links.Set(link.PeerId, new PeerLinks(link, link, Session: 1));
    }
}
