using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SigmaComms.Bench.Clusters;

namespace SigmaComms.Bench.Control;

/// <summary>
/// Puts a second of etcd and of the control log, in turns on the same disk: the same numbers of clients, each of which
/// waits for its answer, and entries of the same size. etcd has three members and bears crashes only; the control log
/// has four validators and bears a liar. etcd is reached over its HTTP gateway, from this process; the clients of the
/// control log are in the process of its validators.
/// </summary>
internal static class EtcdBench
{
    private const int EntrySize = 256;
    private const int Seconds = 5;

    private static readonly int[] ClientCounts = [1, 16, 128];
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web);

    /// <summary>Runs all and prints a line of JSON for each number of clients.</summary>
    /// <param name="folder">A folder on the disk to be measured; must exist.</param>
    public static async Task Run(string folder)
    {
        if (EtcdCluster.Program is null)
        {
            Console.WriteLine(
                "etcd is not installed, so nothing is compared: "
                + "install Debian's etcd-server, or name one in SIGMA_ETCD.");
            return;
        }

        await using EtcdCluster etcd = await EtcdCluster.StartAsync(folder);
        await PutAsync(etcd, 16, TimeSpan.FromSeconds(3));
        foreach (int clients in ClientCounts)
        {
            Figures first = await PutAsync(etcd, clients, TimeSpan.FromSeconds(Seconds));
            JsonElement sigma = await SigmaAsync(clients);
            Figures second = await PutAsync(etcd, clients, TimeSpan.FromSeconds(Seconds));
            double etcdPuts = (first.PutsPerSecond + second.PutsPerSecond) / 2;
            Console.WriteLine(JsonSerializer.Serialize(
                new
                {
                    clients,
                    sizeBytes = EntrySize,
                    etcd = new[] { first, second },
                    sigma,
                    ratio = sigma.GetProperty("putsPerSecond").GetDouble() / etcdPuts,
                },
                Form));
        }
    }

    private static async Task<JsonElement> SigmaAsync(int clients)
    {
        string[] arguments =
        [
            "bench", "control", "--json", "--clients", clients.ToString(CultureInfo.InvariantCulture),
            "--size", EntrySize.ToString(CultureInfo.InvariantCulture),
            "--seconds", Seconds.ToString(CultureInfo.InvariantCulture),
        ];
        ProcessStartInfo start = new(NodeProcess.Sigma, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        string? row = said.Split('\n').FirstOrDefault(line => line.Contains("putsPerSecond", StringComparison.Ordinal));
        return row is not null && process.ExitCode == 0
            ? JsonSerializer.Deserialize<JsonElement>(row)
            : throw new InvalidOperationException($"sigma bench control ended with {process.ExitCode}: {said}");
    }

    private static async Task<Figures> PutAsync(EtcdCluster etcd, int clients, TimeSpan length)
    {
        using SocketsHttpHandler handler = new() { MaxConnectionsPerServer = clients, UseProxy = false };
        using HttpClient http = new(handler);
        long start = Stopwatch.GetTimestamp();
        TimeSpan processor = etcd.ProcessorTime;
        List<double>[] waits = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(
            () => PutAllAsync(http, etcd.Clients[client % etcd.Clients.Count], client, start, length))));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double[] sorted = [.. waits.SelectMany(wait => wait).Order()];
        return new Figures(
            sorted.Length,
            sorted.Length / seconds,
            (etcd.ProcessorTime - processor).TotalMilliseconds / sorted.Length,
            sorted[sorted.Length / 2],
            sorted[(int)(sorted.Length * 0.99)]);
    }

    private static async Task<List<double>> PutAllAsync(
        HttpClient http, Uri member, int client, long start, TimeSpan length)
    {
        List<double> waits = [];
        Uri put = new(member, "v3/kv/put");
        byte[] value = new byte[EntrySize];
        do
        {
            RandomNumberGenerator.Fill(value);
            string key = Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"bench/{client}/{waits.Count}")));
            byte[] body = Encoding.ASCII.GetBytes(
                $"{{\"key\":\"{key}\",\"value\":\"{Convert.ToBase64String(value)}\"}}");
            using ByteArrayContent content = new(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            long asked = Stopwatch.GetTimestamp();
            using HttpResponseMessage answer = await http.PostAsync(put, content);
            answer.EnsureSuccessStatusCode();
            await answer.Content.ReadAsByteArrayAsync();
            waits.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        }
        while (Stopwatch.GetElapsedTime(start) < length);

        return waits;
    }

    private sealed record Figures(
        int Puts, double PutsPerSecond, double ProcessorMillisecondsPerPut, double P50Milliseconds,
        double P99Milliseconds);
}
