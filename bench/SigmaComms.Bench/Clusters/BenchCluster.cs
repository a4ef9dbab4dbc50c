using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using SigmaComms.Client;
using SigmaComms.Client.Identity;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Bench.Clusters;

/// <summary>
/// Nodes in processes of their own, with SQLite journals and real sockets on loopback; the clients are in this process.
/// The first three nodes are seeds.
/// </summary>
internal sealed class BenchCluster : IAsyncDisposable
{
    private const int SeedCount = 3;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sigma-bench-");
    private readonly Dictionary<string, NodeProcess> _nodes = [];
    private readonly List<OpenedIdentity> _identities = [];
    private readonly List<string> _endpoints = [];
    private ClusterId _cluster;
    private byte[] _operatorKey = [];

    private string Home => Path.Combine(_folder.FullName, "home");

    /// <summary>The nodes' processes.</summary>
    public IReadOnlyCollection<NodeProcess> Nodes => _nodes.Values;

    /// <summary>Makes the cluster and starts the seeds. Returns when they are ready.</summary>
    public static async Task<BenchCluster> StartAsync(int nodes)
    {
        BenchCluster cluster = new();
        string plan = cluster.WritePlan(nodes);
        using (Process init = Process.Start(
            NodeProcess.Sigma, ["cluster", "init", "--config", plan, "--home", cluster.Home, "--quiet"]))
        {
            await init.WaitForExitAsync();
        }

        using FileStream file = File.OpenRead(Path.Combine(cluster.Home, "cluster.json"));
        using JsonDocument description = await JsonDocument.ParseAsync(file);
        if (!ClusterId.TryParse(description.RootElement.GetProperty("cluster").GetString()!, out cluster._cluster))
        {
            throw new InvalidOperationException("cluster.json has no cluster id.");
        }

        cluster._operatorKey = description.RootElement.GetProperty("operatorPublicKey").GetBytesFromBase64();
        for (int i = 1; i <= SeedCount; i++)
        {
            cluster._nodes.Add($"n{i}", NodeProcess.Start(cluster.Home, $"n{i}"));
        }

        await Task.WhenAll(cluster._nodes.Values.Select(node => node.ReadyAsync()));
        return cluster;
    }

    /// <summary>Starts one more node while the others run.</summary>
    /// <returns>The time from the start of its process until it takes part.</returns>
    public async Task<TimeSpan> JoinAsync(string node)
    {
        NodeProcess process = NodeProcess.Start(Home, node);
        _nodes.Add(node, process);
        return await process.ReadyAsync();
    }

    /// <summary>Stops a node as its operator would.</summary>
    public async Task StopAsync(string node)
    {
        _nodes.Remove(node, out NodeProcess? process);
        await process!.DisposeAsync();
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

        string[] endpoints = [.. _endpoints.Skip(node).Concat(_endpoints.Take(node))];
        OpenedIdentity identity = await OpenedIdentity.OpenAsync(
            new OpenedIdentityOptions
            {
                Folder = new IdentityFolder(folder),
                Cluster = new ClusterProfile(_cluster, _operatorKey, endpoints),
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

        await Task.WhenAll(_nodes.Values.Select(node => node.DisposeAsync().AsTask()));
        _folder.Delete(recursive: true);
    }

    private string WritePlan(int nodes)
    {
        int[] ports = FreePorts(nodes);
        for (int i = 1; i <= SeedCount; i++)
        {
            File.WriteAllText(
                Path.Combine(_folder.FullName, $"n{i}.json"),
                $$"""{ "version": 1, "name": "n{{i}}", "endpoint": "127.0.0.1:{{ports[i - 1]}}" }""");
        }

        _endpoints.AddRange(ports.Select(port => $"127.0.0.1:{port}"));
        string seeds = string.Join(", ", Enumerable.Range(1, SeedCount).Select(i => $"\"n{i}.json\""));
        string listed = string.Join(
            ", ", _endpoints.Select((endpoint, i) => $$"""{ "name": "n{{i + 1}}", "listen": "{{endpoint}}" }"""));
        string plan = Path.Combine(_folder.FullName, "plan.json");
        File.WriteAllText(plan, $$"""{ "version": 1, "name": "bench", "seeds": [{{seeds}}], "nodes": [{{listed}}] }""");
        return plan;
    }

    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (TcpListener listener in listeners)
        {
            listener.Start();
        }

        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (TcpListener listener in listeners)
        {
            listener.Dispose();
        }

        return ports;
    }
}
