using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace SigmaComms.Bench.Vaults.Clusters;

/// <summary>
/// Real nodes on loopback, each a process with volumes on the disk, and an account with a vault. Its client is the
/// command sigma vault.
/// </summary>
internal sealed class VaultCluster : IAsyncDisposable
{
    /// <summary>What the vault is called.</summary>
    public const string Vault = "bench";

    private const string UsedFigure = "sigma_fragments_used_bytes";
    private const int RestLooksMax = 60;
    private const int SameLooks = 3;
    private const int StartsMax = 4;

    private static readonly TimeSpan RestInterval = TimeSpan.FromSeconds(2);

    private readonly VaultBenchOptions _options;
    private readonly string _folder;
    private readonly int[] _ports;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };

    private VaultCluster(VaultBenchOptions options)
    {
        _options = options;
        _ports = FreePorts(2 * options.Nodes);
        Directory.CreateDirectory(options.Folder);
        _folder = Directory.CreateDirectory(Path.Combine(options.Folder, $"sigma-bench-{Guid.NewGuid():N}")).FullName;
    }

    /// <summary>The folders of the nodes.</summary>
    public string NodesFolder => Path.Combine(Home, "nodes");

    private string Home => Path.Combine(_folder, "cluster");

    private string Account => Path.Combine(_folder, "account");

    /// <summary>Starts the nodes and makes the vault.</summary>
    public static async Task<VaultCluster> StartAsync(VaultBenchOptions options, CancellationToken ct)
    {
        VaultCluster cluster = new(options);
        try
        {
            await cluster.OpenAsync(ct);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a command of the account.</summary>
    public Task<SigmaRun> RunAsync(CancellationToken ct, params string[] arguments) =>
        SigmaProgram.RunAsync(Account, [.. arguments, "--json", "--cluster", ClusterFile()], ct);

    /// <summary>Runs a command of the account, which must succeed.</summary>
    public Task<SigmaRun> SucceedAsync(CancellationToken ct, params string[] arguments) =>
        SigmaProgram.SucceedAsync(Account, [.. arguments, "--json", "--cluster", ClusterFile()], ct);

    /// <summary>The process of a node.</summary>
    public int ProcessOf(string node)
    {
        string file = File.ReadAllText(Path.Combine(NodesFolder, node, "node.pid"));
        return JsonSerializer.Deserialize<JsonElement>(file).GetProperty("process").GetInt32();
    }

    /// <summary>Ends a node as kill -9 does.</summary>
    public void Kill(string node)
    {
        using Process process = Process.GetProcessById(ProcessOf(node));
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>The most memory that any node ever had resident, in MiB.</summary>
    public double PeakOfNodesMebibytes() =>
        Names().Max(node => ProcessMemory.PeakMebibytes(ProcessOf(node)) ?? 0);

    /// <summary>
    /// Bytes of the volumes of all nodes that hold something, by the nodes' own figures, once these rest.
    /// </summary>
    /// <exception cref="InvalidOperationException">They go on changing.</exception>
    public async Task<long> UsedBytesAsync(CancellationToken ct)
    {
        // Room that is being filled with random bytes, ahead of use, counts as used: 1 MiB a node.
        long last = -1;
        int same = 0;
        for (int i = 0; i < RestLooksMax; i++)
        {
            long used = 0;
            foreach (int port in _ports.Skip(_options.Nodes))
            {
                used += await UsedBytesAsync(port, ct);
            }

            same = used == last ? same + 1 : 0;
            if (same == SameLooks)
            {
                return used;
            }

            last = used;
            await Task.Delay(RestInterval, ct);
        }

        throw new InvalidOperationException("What the nodes say they hold goes on changing.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (Directory.Exists(NodesFolder))
        {
            await SigmaProgram.RunAsync(Home, ["cluster", "down"], CancellationToken.None);
            foreach (string node in Names().Where(node => File.Exists(Path.Combine(NodesFolder, node, "node.pid"))))
            {
                EndByForce(node);
            }
        }

        Directory.Delete(_folder, recursive: true);
    }

    private IEnumerable<string> Names() =>
        Enumerable.Range(1, _options.Nodes).Select(static i => string.Create(CultureInfo.InvariantCulture, $"n{i}"));

    private string ClusterFile() => Path.Combine(Home, "cluster.json");

    private async Task OpenAsync(CancellationToken ct)
    {
        string plan = Path.Combine(_folder, "plan.json");
        string nodes = string.Join(", ", Names().Select((name, i) =>
            $$"""
            { "name": "{{name}}", "listen": "127.0.0.1:{{_ports[i]}}",
              "operations": { "listen": "127.0.0.1:{{_ports[_options.Nodes + i]}}" },
              "storage": { "repairAfterSeconds": {{_options.RepairAfterSeconds}} } }
            """));
        await File.WriteAllTextAsync(plan, $$"""{ "version": 1, "name": "bench", "nodes": [{{nodes}}] }""", ct);
        Directory.CreateDirectory(Home);
        Directory.CreateDirectory(Account);
        string[] up = ["cluster", "up", "--config", plan];
        for (int i = 1; i < StartsMax && (await SigmaProgram.RunAsync(Home, up, ct)).ExitCode != 0; i++)
        {
            // On a busy machine a node may be late; once more starts those that are missing.
        }

        await SigmaProgram.SucceedAsync(Home, up, ct);
        await SucceedAsync(ct, "identity", "new", "bench");
        await SucceedAsync(ct, "vault", "create", Vault, "--shape", _options.ShapeText);
    }

    private async Task<long> UsedBytesAsync(int port, CancellationToken ct)
    {
        string metrics = await _http.GetStringAsync(
            new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/metrics")), ct);
        string line = metrics.Split('\n').Single(static line =>
            line.StartsWith(UsedFigure, StringComparison.Ordinal) && line[UsedFigure.Length] is ' ' or '{');
        int labelsEnd = line.LastIndexOf('}');
        string value = line[(labelsEnd < 0 ? UsedFigure.Length : labelsEnd + 1)..].Trim().Split(' ')[0];
        return (long)double.Parse(value, CultureInfo.InvariantCulture);
    }

    /// <summary>A node that did not stop when it was asked; the file of its process may be of a killed one.</summary>
    private void EndByForce(string node)
    {
        try
        {
            using Process process = Process.GetProcessById(ProcessOf(node));
            if (process.ProcessName.StartsWith("sigma", StringComparison.Ordinal))
            {
                process.Kill();
                process.WaitForExit();
            }
        }
        catch (ArgumentException)
        {
            // There is no such process any more.
        }
    }

    private static int[] FreePorts(int count)
    {
        TcpListener[] held = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (TcpListener listener in held)
        {
            listener.Start();
        }

        int[] ports = [.. held.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (TcpListener listener in held)
        {
            listener.Dispose();
        }

        return ports;
    }
}
