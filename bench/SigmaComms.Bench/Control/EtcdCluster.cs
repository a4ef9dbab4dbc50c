using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SigmaComms.Bench.Control;

/// <summary>Three processes of etcd on the loopback address, each with a folder of its own; puts are synced.</summary>
internal sealed class EtcdCluster : IAsyncDisposable
{
    private const int Members = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<Process> _processes = [];

    private EtcdCluster(IReadOnlyList<Uri> clients) => Clients = clients;

    /// <summary>The program: SIGMA_ETCD, or etcd on the path; null if there is none.</summary>
    public static string? Program { get; } = Find();

    /// <summary>Where each member listens for clients.</summary>
    public IReadOnlyList<Uri> Clients { get; }

    /// <summary>Processor time of all members so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            TimeSpan sum = TimeSpan.Zero;
            foreach (Process process in _processes)
            {
                process.Refresh();
                sum += process.TotalProcessorTime;
            }

            return sum;
        }
    }

    /// <summary>Starts the members and waits until each answers.</summary>
    /// <param name="folder">A folder on the disk to be measured; must exist.</param>
    public static async Task<EtcdCluster> StartAsync(string folder)
    {
        int[] ports = FreePorts(2 * Members);
        Uri[] clients = [.. ports.Take(Members).Select(Local)];
        string[] peers = [.. ports.Skip(Members).Select(port => Local(port).GetLeftPart(UriPartial.Authority))];
        string all = string.Join(',', peers.Select((peer, i) => $"m{i}={peer}"));
        EtcdCluster cluster = new(clients);
        for (int i = 0; i < Members; i++)
        {
            string client = clients[i].GetLeftPart(UriPartial.Authority);
            cluster.Start([
                "--name", $"m{i}", "--data-dir", Path.Combine(folder, $"etcd-{i}"),
                "--listen-client-urls", client, "--advertise-client-urls", client,
                "--listen-peer-urls", peers[i], "--initial-advertise-peer-urls", peers[i],
                "--initial-cluster", all, "--initial-cluster-state", "new", "--log-level", "error",
            ]);
        }

        await cluster.ReadyAsync();
        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Process process in _processes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _processes.Clear();
    }

    private static Uri Local(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("SIGMA_ETCD") is { Length: > 0 } named)
        {
            return named;
        }

        return (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, "etcd"))
            .FirstOrDefault(File.Exists);
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

    private void Start(string[] arguments)
    {
        ProcessStartInfo start = new(Program!, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        // What nobody reads would block it one day.
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _processes.Add(process);
    }

    private async Task ReadyAsync()
    {
        using HttpClient http = new() { Timeout = TimeSpan.FromSeconds(5) };
        long start = Stopwatch.GetTimestamp();
        foreach (Uri client in Clients)
        {
            while (!await IsHealthyAsync(http, client))
            {
                if (Stopwatch.GetElapsedTime(start) > Patience || _processes.Exists(process => process.HasExited))
                {
                    throw new InvalidOperationException("etcd did not start.");
                }

                await Task.Delay(100);
            }
        }
    }

    private static async Task<bool> IsHealthyAsync(HttpClient http, Uri client)
    {
        try
        {
            return (await http.GetStringAsync(new Uri(client, "health"))).Contains("true", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
