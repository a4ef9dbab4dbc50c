using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Channels;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Channels;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Tests.Sockets;

/// <summary>Nodes in this process, but on real sockets, real channels and real SQLite files.</summary>
internal sealed class RealCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("sigma-real-").FullName;
    private readonly List<ClusterNodeOptions> _options = [];
    private readonly List<IAsyncDisposable> _links = [];

    public RealCluster(int count)
    {
        Cluster = ClusterId.Create(SystemRandom.Instance);
        SimIdentity root = SimCluster.IdentityOf(1_000);
        NodeEndpoint[] endpoints = [.. Enumerable.Range(0, count).Select(_ => FreeEndpoint())];
        for (int i = 0; i < count; i++)
        {
            SimIdentity key = SimCluster.IdentityOf(i + 1);
            _options.Add(new ClusterNodeOptions
            {
                Cluster = Cluster,
                OperatorPublicKey = root.PublicKey,
                Admission = NodeAdmission.Sign(
                    root.Key,
                    Cluster,
                    key.PublicKey,
                    $"n{i + 1}",
                    [],
                    NodeRoles.Storage,
                    TimeProvider.System.GetUtcNow().AddDays(1),
                    SystemRandom.Instance).Encoded,
                Listen = endpoints[i],
                Seeds = [.. Enumerable.Range(0, Math.Min(3, count)).Select(seed =>
                    new SeedNode(SimCluster.IdentityOf(seed + 1).Id, endpoints[seed]))],
                DataDirectory = Path.Combine(_folder, $"n{i + 1}"),
                RequestTimeout = Patience,
                DialTimeout = Patience,
                HelloTimeout = Patience,
            });
        }
    }

    public ClusterId Cluster { get; }

    public List<ClusterNode> Nodes { get; } = [];

    /// <summary>What all nodes logged.</summary>
    public SimLog Log { get; } = new(TimeProvider.System.GetUtcNow);

    public ClusterNodeOptions OptionsOf(int index) => _options[index];

    public async Task<ClusterNode> StartAsync(int index)
    {
        var node = new ClusterNode(_options[index], SimCluster.IdentityOf(index + 1).Key, Log);
        Nodes.Add(node);
        await node.StartAsync(CancellationToken.None);
        await node.Ready;
        return node;
    }

    /// <summary>Waits until the nodes that were started are up in each other's view.</summary>
    public async Task UpAsync() =>
        await UntilAsync(() => Nodes.All(node => node.Health().MembersUp == Nodes.Count));

    /// <summary>Waits for what other threads do; a test's own time-out ends what never comes.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    public async Task<LinkConnection> ConnectAsync(
        int index, int device, Func<LinkConnection, LinkMessage, ReplyTo?, ValueTask> onMessage)
    {
        byte[] seed = SimCluster.IdentityOf(device).Key.ExportSeed();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var identity = TlsIdentity.Create(
            new MlDsa65SigningKey(seed), "client", now.AddHours(-1), now.AddHours(1), SystemRandom.Instance);
        var dialer = new SecureDialer(
            new SecureChannelOptions { Identity = identity, HandshakeTimeout = Patience }, NullLogger.Instance);
        NodeEndpoint endpoint = _options[index].Listen!;
        SecureConnection channel = await dialer.DialAsync(
            new IPEndPoint(IPAddress.Loopback, endpoint.Port), CancellationToken.None);
        var link = new LinkConnection(channel, channel.PeerId, new LinkOptions());
        link.OnMessage = (message, reply) => onMessage(link, message, reply);
        link.Start();
        _links.Add(link);
        await link.RequestAsync<Welcome>(
            new Hello(LinkLimits.Protocol, Cluster, LinkKind.Client, Lane.Bulk, 0, default),
            Patience,
            CancellationToken.None);
        return link;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable link in _links)
        {
            await link.DisposeAsync();
        }

        foreach (ClusterNode node in Nodes)
        {
            await node.DisposeAsync();
        }

        System.IO.Directory.Delete(_folder, recursive: true);
    }

    /// <summary>
    /// A port that is free, and not one that the kernel gives away: until the node listens anybody's outgoing
    /// connection could take that.
    /// </summary>
    private static NodeEndpoint FreeEndpoint()
    {
        for (int tries = 0; tries < 1_000; tries++)
        {
            int port = Random.Shared.Next(12_000, 32_000);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return new NodeEndpoint("127.0.0.1", (ushort)port);
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another one then.
            }
        }

        throw new InvalidOperationException("no port is free");
    }
}
