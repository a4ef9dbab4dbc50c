using System.IO.Pipelines;
using SigmaComms.Cluster.Peers;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Tests.Simulation;

/// <summary>A node that the operator admitted and that says and answers whatever the test wants.</summary>
internal sealed class HostileNode
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);
    private readonly SimCluster _cluster;
    private readonly NodeEndpoint _endpoint;
    private readonly ReadOnlyMemory<byte> _admission;
    private readonly ulong _incarnation;
    private readonly Dictionary<(NodeId Node, Lane Lane), LinkConnection> _links = [];
    private readonly Dictionary<LinkConnection, IDuplexPipe> _pipes = [];

    public HostileNode(SimCluster cluster, int number, DateTimeOffset? admittedTo = null)
    {
        _cluster = cluster;
        Identity = SimCluster.IdentityOf(number);
        _endpoint = new NodeEndpoint("127.0.0.1", (ushort)(7000 + number));
        _admission = cluster.Admit(Identity, $"n{number}", admittedTo).Encoded;
        _incarnation = (ulong)cluster.Now.UtcTicks;
        var listener = new SimListener(cluster.Network, cluster.Outside, Identity, _endpoint);
        cluster.Await(listener.StartAsync(ServeAsync, CancellationToken.None));
    }

    public SimIdentity Identity { get; }

    public NodeId Id => Identity.Id;

    /// <summary>What it answers to whom; null: nothing.</summary>
    public Func<NodeId, LinkMessage, LinkMessage?> Answer { get; set; } = (_, _) => null;

    public List<LinkMessage> Heard { get; } = [];

    /// <summary>Becomes a member, and opens both lanes to every node.</summary>
    public void JoinAndLink()
    {
        SimNode[] nodes = [.. _cluster.Nodes.Where(node => node.IsAlive)];
        Assert.IsType<JoinAccepted>(Join(nodes[0]));
        foreach (SimNode node in nodes)
        {
            _cluster.Until(() => node.Node.Status().Members.Any(member => member.Id == Id));
            Link(node, Lane.Control);
            Link(node, Lane.Bulk);
            _cluster.Until(() => node.Node.Status().Members.Any(
                member => member.Id == Id && member.State == MemberState.Up));
        }
    }

    public LinkMessage Join(SimNode node) => _cluster.Run(async () =>
    {
        LinkConnection link = await DialAsync(node, Lane.Join);
        NodeAnnouncement word = NodeAnnouncement.Sign(
            Identity.Key, _cluster.Cluster, _incarnation, [_endpoint], _cluster.Now, new SeededRandom(node.Number));
        return await link.RequestAsync(
            new JoinRequest(new MemberCredential(_admission, word.Encoded)), Patience, CancellationToken.None);
    });

    /// <summary>Lets time pass and says all the while that it lives.</summary>
    public void Advance(TimeSpan by)
    {
        DateTimeOffset target = _cluster.Now + by;
        while (_cluster.Now < target)
        {
            foreach (LinkConnection link in _links.Where(pair => pair.Key.Lane == Lane.Control).Select(p => p.Value))
            {
                link.TrySend(new Heartbeat(_incarnation, 1, 0, 0, false));
            }

            _cluster.Advance(TimeSpan.FromMilliseconds(250));
        }
    }

    public LinkMessage Request(SimNode node, LinkMessage request) => _cluster.Run(async () =>
        await _links[(node.Id, Lane.Bulk)].RequestAsync(request, Patience, CancellationToken.None));

    public void Send(SimNode node, LinkMessage push)
    {
        Assert.True(_links[(node.Id, Lane.Bulk)].TrySend(push));
        _cluster.Advance(TimeSpan.FromMilliseconds(10));
    }

    /// <summary>Opens both lanes anew.</summary>
    public void LinkAgain(SimNode node)
    {
        Link(node, Lane.Control);
        Link(node, Lane.Bulk);
    }

    /// <summary>Sends what is no frame over the lane, past the code that would refuse to.</summary>
    public void SendGarbage(SimNode node, Lane lane)
    {
        _cluster.Run(async () => await _pipes[_links[(node.Id, lane)]].Output.WriteAsync(
            Enumerable.Repeat((byte)0xff, 64).ToArray()));
        _cluster.Advance(TimeSpan.FromMilliseconds(10));
    }

    private void Link(SimNode node, Lane lane) =>
        _links[(node.Id, lane)] = _cluster.Run(() => DialAsync(node, lane));

    private async Task<LinkConnection> DialAsync(SimNode node, Lane lane)
    {
        SecuredChannel channel = await _cluster.Network.DialAsync(
            _cluster.Outside, Identity, node.Endpoint, node.Id, CancellationToken.None);
        LinkConnection link = Open(channel, node.Id);
        Assert.IsType<Welcome>(await link.RequestAsync(
            new Hello(LinkLimits.Protocol, _cluster.Cluster, LinkKind.Node, lane, _incarnation, _admission),
            Patience,
            CancellationToken.None));
        return link;
    }

    private Task ServeAsync(SecuredChannel channel)
    {
        Open(channel, channel.PeerId);
        return Task.CompletedTask;
    }

    private LinkConnection Open(SecuredChannel channel, NodeId peer)
    {
        var link = new LinkConnection(channel.Pipe, peer, new LinkOptions { Time = _cluster.Outside.Time });
        link.OnMessage = (message, reply) => OnMessageAsync(link, message, reply);
        link.Start();
        _pipes[link] = channel.Pipe;
        return link;
    }

    private ValueTask OnMessageAsync(LinkConnection link, LinkMessage message, ReplyTo? reply)
    {
        Heard.Add(message);
        return reply is not null && Answer(link.PeerId, message) is { } answer
            ? reply.AnswerAsync(answer)
            : ValueTask.CompletedTask;
    }
}
