using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Actors;
using SigmaComms.Cluster;
using SigmaComms.Cluster.Remoting;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Channels;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Bench.Remoting;

/// <summary>Two whole nodes in this process with their sealed links over loopback.</summary>
internal sealed class NodePair : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sigma-bench-");
    private readonly MlDsa65SigningKey[] _keys =
        [MlDsa65SigningKey.Generate(SystemRandom.Instance), MlDsa65SigningKey.Generate(SystemRandom.Instance)];

    private readonly List<ClusterNode> _nodes = [];

    /// <summary>The node whose actors send.</summary>
    public ClusterNode Near => _nodes[0];

    /// <summary>The node whose actors answer.</summary>
    public ClusterNode Far => _nodes[1];

    /// <summary>Starts both and waits until they take part.</summary>
    public static async Task<NodePair> StartAsync()
    {
        var pair = new NodePair();
        using MlDsa65SigningKey root = MlDsa65SigningKey.Generate(SystemRandom.Instance);
        var cluster = ClusterId.Create(SystemRandom.Instance);
        NodeEndpoint[] endpoints = [FreeEndpoint(), FreeEndpoint()];
        for (int i = 0; i < 2; i++)
        {
            ClusterNodeOptions options = pair.OptionsOf(i, cluster, root, endpoints);
            var node = new ClusterNode(options, pair._keys[i], NullLogger.Instance);
            pair._nodes.Add(node);
            await node.StartAsync(CancellationToken.None);
            await node.Ready.WaitAsync(Patience);
        }

        return pair;
    }

    /// <summary>The near node's reference to an actor of the far one.</summary>
    public async Task<IActorRef> FindAsync(string name, IActorRef actor)
    {
        Far.RemoteActors.RegisterName(name, actor, [_keys[0].Id]);
        long start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < Patience)
        {
            if (await Near.RemoteActors.FindAsync(_keys[1].Id, name, TimeSpan.FromSeconds(1), default) is { } found)
            {
                return found;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        throw new TimeoutException("The nodes have no link.");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ClusterNode node in _nodes)
        {
            await node.DisposeAsync();
        }

        Array.ForEach(_keys, static key => key.Dispose());
        _folder.Delete(recursive: true);
    }

    private ClusterNodeOptions OptionsOf(
        int index, ClusterId cluster, MlDsa65SigningKey root, NodeEndpoint[] endpoints)
    {
        var options = new ClusterNodeOptions
        {
            Cluster = cluster,
            OperatorPublicKey = root.PublicKey,
            Admission = NodeAdmission.Sign(
                root,
                cluster,
                _keys[index].PublicKey,
                $"n{index + 1}",
                [],
                NodeRoles.Storage,
                TimeProvider.System.GetUtcNow().AddDays(1),
                SystemRandom.Instance).Encoded,
            Listen = endpoints[index],
            Seeds = [.. endpoints.Select((endpoint, seed) => new SeedNode(_keys[seed].Id, endpoint))],
            DataDirectory = Path.Combine(_folder.FullName, $"n{index + 1}"),
        };
        options.Messages.Register(1, 1, new BytesCodec());
        return options;
    }

    private static NodeEndpoint FreeEndpoint()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new NodeEndpoint("127.0.0.1", (ushort)((IPEndPoint)listener.LocalEndpoint).Port);
    }
}
