using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Cluster;
using SigmaComms.Cluster.Control;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Admission;
using SigmaComms.Node.Configuration;

namespace SigmaComms.Node.Benches;

/// <summary>
/// Puts a second through a control log of four validators: real links on the loopback address, real disks, every vote
/// durable before it is said. All four run in this process, and each client waits for its answer before it asks again.
/// </summary>
internal sealed class ControlBench : IAsyncDisposable
{
    private const int Validators = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<ClusterNode> _nodes = [];
    private readonly List<MlDsa65SigningKey> _keys = [];

    /// <summary>Starts four validators in an empty folder.</summary>
    /// <param name="folder">The folder; its disk is measured.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<ControlBench> StartAsync(string folder, TimeProvider time, CancellationToken stop)
    {
        SigmaHome home = new(folder);
        PlannedNode[] planned = [.. FreeEndpoints().Select((endpoint, index) => new PlannedNode(
            string.Create(CultureInfo.InvariantCulture, $"n{index + 1}"), endpoint, endpoint))];
        ClusterPlan plan = new("bench", [new SeedFile(planned[0].Name, planned[0].Advertise, default)], planned);
        ClusterFile cluster = ClusterSetup.Prepare(home, plan, time.GetUtcNow(), SystemRandom.Instance);
        ControlBench bench = new();
        try
        {
            foreach (PlannedNode node in planned)
            {
                await bench.StartAsync(home, cluster, node, stop);
            }

            await Task.WhenAll(bench._nodes.Select(node => node.Ready)).WaitAsync(Patience, time, stop);
            return bench;
        }
        catch
        {
            await bench.DisposeAsync();
            throw;
        }
    }

    /// <summary>Measures one number of clients.</summary>
    /// <param name="clients">How many ask at a time.</param>
    /// <param name="sizeBytes">Bytes of an entry.</param>
    /// <param name="time">The clock.</param>
    /// <param name="length">For how long.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<ControlBenchRow> MeasureAsync(
        int clients, int sizeBytes, TimeProvider time, TimeSpan length, CancellationToken stop)
    {
        ControlBenchClient[] askers = [.. Enumerable.Range(0, clients)
            .Select(i => new ControlBenchClient(_nodes[i % _nodes.Count].Control!, _keys[i % _keys.Count].Id, time))];
        await Task.WhenAll(askers.Select(asker => asker.OpenAsync(stop)));
        long start = time.GetTimestamp();
        TimeSpan processorBefore = Environment.CpuUsage.TotalTime;
        await Task.WhenAll(
            askers.Select(asker => Task.Run(() => asker.RunAsync(sizeBytes, start, length, stop), stop)));
        TimeSpan took = time.GetElapsedTime(start);
        double[] waits = [.. askers.SelectMany(asker => asker.Milliseconds).Order()];
        return new ControlBenchRow(
            clients, sizeBytes, waits.Length, askers.Sum(asker => asker.Failures), took.TotalSeconds,
            (Environment.CpuUsage.TotalTime - processorBefore).TotalSeconds,
            Quantile(waits, 0.5), Quantile(waits, 0.99));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(node => node.StopAsync()));
        _keys.ForEach(key => key.Dispose());
    }

    private async Task StartAsync(SigmaHome home, ClusterFile cluster, PlannedNode node, CancellationToken stop)
    {
        NodeFolder folder = home.Node(node.Name);
        MlDsa65SigningKey key = SigningKeyFile.Load(folder.KeyFile);
        _keys.Add(key);
        ClusterNode running = new(
            new ClusterNodeOptions
            {
                Cluster = cluster.Cluster,
                OperatorPublicKey = cluster.OperatorPublicKey,
                Admission = await File.ReadAllBytesAsync(folder.AdmissionFile, stop),
                Listen = node.Listen,
                Seeds = node.Name == cluster.Nodes[0].Name ? [] : [cluster.Nodes[0].Seed],
                DataDirectory = folder.DataFolder,
                Control = new ControlOptions { Genesis = cluster.OpenGenesis() },
            },
            key,
            NullLogger.Instance);
        _nodes.Add(running);
        await running.StartAsync(stop);
    }

    private static double Quantile(double[] sorted, double part) =>
        sorted.Length == 0 ? double.NaN : sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * part)];

    private static NodeEndpoint[] FreeEndpoints()
    {
        TcpListener[] held = [.. Enumerable.Range(0, Validators).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (TcpListener listener in held)
        {
            listener.Start();
        }

        NodeEndpoint[] endpoints = [.. held.Select(
            listener => new NodeEndpoint("127.0.0.1", (ushort)((IPEndPoint)listener.LocalEndpoint).Port))];
        foreach (TcpListener listener in held)
        {
            listener.Dispose();
        }

        return endpoints;
    }
}
