using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Client;
using SigmaComms.Client.Identity;
using SigmaComms.Cluster;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Bench.Clusters;

/// <summary>Four nodes with SQLite journals and real sockets on loopback, all in this process.</summary>
internal sealed class BenchCluster : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sigma-bench-");
    private readonly List<ClusterNode> _nodes = [];
    private readonly List<OpenedIdentity> _identities = [];
    private readonly List<NodeEndpoint> _endpoints = [];
    private readonly ClusterId _cluster = ClusterId.Create(SystemRandom.Instance);
    private readonly MlDsa65SigningKey _operator = MlDsa65SigningKey.Generate(SystemRandom.Instance);

    /// <summary>Starts the nodes. Returns when all of them are ready.</summary>
    public static async Task<BenchCluster> StartAsync(int nodes)
    {
        BenchCluster cluster = new();
        List<(MlDsa65SigningKey Key, NodeAdmission Admission)> members = [];
        for (int i = 0; i < nodes; i++)
        {
            NodeEndpoint endpoint = FreeEndpoint();
            MlDsa65SigningKey key = MlDsa65SigningKey.Generate(SystemRandom.Instance);
            NodeAdmission admission = NodeAdmission.Sign(
                cluster._operator, cluster._cluster, key.PublicKey, $"n{i + 1}", [endpoint],
                NodeRoles.Storage, TimeProvider.System.GetUtcNow().AddYears(1), SystemRandom.Instance);
            cluster._endpoints.Add(endpoint);
            members.Add((key, admission));
        }

        SeedNode[] seeds = [.. members.Select((member, i) => new SeedNode(member.Key.Id, cluster._endpoints[i]))];
        foreach ((MlDsa65SigningKey key, NodeAdmission admission) in members)
        {
            ClusterNode node = new(
                new ClusterNodeOptions
                {
                    Cluster = cluster._cluster,
                    OperatorPublicKey = cluster._operator.PublicKey,
                    Admission = admission.Encoded,
                    Listen = admission.Endpoints[0],
                    Seeds = seeds,
                    DataDirectory = Path.Combine(cluster._folder.FullName, admission.Name),
                },
                key,
                NullLogger.Instance);
            await node.StartAsync(CancellationToken.None);
            cluster._nodes.Add(node);
        }

        await Task.WhenAll(cluster._nodes.Select(node => node.Ready)).WaitAsync(TimeSpan.FromSeconds(30));
        return cluster;
    }

    /// <summary>Opens a client of a new account that tries the given node first.</summary>
    public async Task<MessagingClient> OpenClientAsync(string name, int node)
    {
        string folder = Path.Combine(_folder.FullName, "identities", name);
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(
                folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        byte[] passphrase = "bench"u8.ToArray();
        using (AccountSecrets secrets = AccountSecrets.Generate(name, _cluster, SystemRandom.Instance))
        {
            KeyStore.Create(
                Path.Combine(folder, "identity.keys"), secrets, passphrase, Argon2Cost.Interactive,
                SystemRandom.Instance);
        }

        string[] endpoints = [.. _endpoints.Skip(node).Concat(_endpoints.Take(node)).Select(e => e.ToString())];
        OpenedIdentity identity = await OpenedIdentity.OpenAsync(
            new OpenedIdentityOptions
            {
                Folder = new IdentityFolder(folder),
                Cluster = new ClusterProfile(_cluster, _operator.PublicKey, endpoints),
            },
            passphrase, CancellationToken.None);
        _identities.Add(identity);
        await identity.Client.WaitConnectedAsync(TimeSpan.FromSeconds(20), CancellationToken.None);
        await identity.Client.Published.WaitAsync(TimeSpan.FromSeconds(30));
        return identity.Client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (OpenedIdentity identity in _identities)
        {
            await identity.DisposeAsync();
        }

        foreach (ClusterNode node in _nodes)
        {
            await node.DisposeAsync();
        }

        _operator.Dispose();
        _folder.Delete(recursive: true);
    }

    private static NodeEndpoint FreeEndpoint()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return new NodeEndpoint("127.0.0.1", (ushort)((IPEndPoint)listener.LocalEndpoint).Port);
    }
}
