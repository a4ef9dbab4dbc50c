using SigmaComms.Cluster.Peers;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Tests.Simulation;

/// <summary>
/// A client of the simulation: speaks the link protocol, acknowledges what it gets unless told not to.
/// </summary>
internal sealed class SimClient(SimCluster cluster, int number)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);
    private LinkConnection? _link;

    /// <summary>The account of clients 1 to 4; the disks of new nodes have it. All others are unknown.</summary>
    public static AccountRecord Account { get; } = AccountRecord.Create(
        "known-clients",
        SimCluster.IdentityOf(4_000).Key,
        1,
        [.. Enumerable.Range(2_001, 4).Select(number =>
            new DeviceEntry(SimCluster.IdentityOf(number).PublicKey.Span, new byte[32]))],
        new SeededRandom(4));

    public SimIdentity Identity { get; } = SimCluster.IdentityOf(2_000 + number);

    public NodeId Device => Identity.Id;

    public bool Acknowledges { get; set; } = true;

    /// <summary>Whose messages it never acknowledges.</summary>
    public HashSet<NodeId> Ignored { get; } = [];

    public List<Delivery> Deliveries { get; } = [];

    public IEnumerable<Digest16> DeliveredIds => Deliveries.Select(delivery => delivery.MessageId).Distinct();

    public bool WasReplaced { get; private set; }

    public bool IsConnected => _link is { IsEnding: false };

    public LinkConnection Link => _link!;

    public static Digest16 Id(int number)
    {
        byte[] bytes = new byte[16];
        BitConverter.TryWriteBytes(bytes, number);
        return new Digest16(bytes);
    }

    /// <summary>Two clients at two nodes.</summary>
    public static (SimClient Alpha, SimClient Beta) Pair(SimCluster cluster, int alphaAt, int betaAt)
    {
        var alpha = new SimClient(cluster, 1);
        var beta = new SimClient(cluster, 2);
        alpha.Connect(cluster.Nodes[alphaAt]);
        beta.Connect(cluster.Nodes[betaAt]);
        return (alpha, beta);
    }

    /// <summary>Both clients at nodes that do not keep beta's mailbox.</summary>
    public static (SimClient Alpha, SimClient Beta) PairAwayFromHolders(SimCluster cluster)
    {
        SimNode[] ranked = cluster.Ranked(SimCluster.IdentityOf(2_002).Id);
        return Pair(cluster, cluster.Nodes.IndexOf(ranked[3]), cluster.Nodes.IndexOf(ranked[2]));
    }

    public LinkMessage Connect(SimNode node) => cluster.Run(() => ConnectAsync(node));

    public async Task<LinkMessage> ConnectAsync(SimNode node)
    {
        SecuredChannel channel = await cluster.Network.DialAsync(
            cluster.Outside, Identity, node.Endpoint, node.Id, CancellationToken.None);
        _link = new LinkConnection(channel.Pipe, node.Id, new LinkOptions { Time = cluster.Outside.Time })
        {
            OnMessage = OnMessageAsync,
        };
        _link.Start();
        return await RequestAsync(new Hello(
            LinkLimits.Protocol, cluster.Cluster, LinkKind.Client, Lane.Bulk, 0, ReadOnlyMemory<byte>.Empty));
    }

    public async Task<LinkMessage> RequestAsync(LinkMessage request) =>
        await _link!.RequestAsync(request, Patience, CancellationToken.None);

    public LinkMessage Request(LinkMessage request) => cluster.Run(() => RequestAsync(request));

    public LinkMessage Subscribe() => Request(new Subscribe(Device));

    public LinkMessage Deposit(NodeId recipient, int id) =>
        Request(new Deposit(recipient, Id(id), new byte[] { 1, 2, 3 }));

    public void Disconnect() => _link?.Abort("the client is gone");

    private ValueTask OnMessageAsync(LinkMessage message, ReplyTo? reply)
    {
        switch (message)
        {
            case Delivery delivery:
                Deliveries.Add(delivery);
                return Acknowledges && !Ignored.Contains(delivery.Sender)
                    ? _link!.SendAsync(new Acknowledge([delivery.MessageId]), CancellationToken.None)
                    : ValueTask.CompletedTask;
            case Replaced:
                WasReplaced = true;
                break;
            case Ping:
                return reply!.AnswerAsync(new Pong());
        }

        return ValueTask.CompletedTask;
    }
}
