using System.Diagnostics;
using System.Globalization;
using SigmaComms.Client;

namespace SigmaComms.Bench.Clusters;

/// <summary>
/// Four nodes, each a process: time from start to ready, idle memory; then messages of 1 KB through their persisted
/// mailboxes, from outbox to inbox: first as many as go, then at a fixed rate for the latency.
/// </summary>
internal static class ClusterBench
{
    private const int Pairs = 8;
    private const int FloodRounds = 4;

    /// <summary>All of it.</summary>
    public static async Task Run()
    {
        await using BenchCluster cluster = await BenchCluster.StartAsync(4);
        await MeasureStartAsync(cluster);
        await MeasureIdleAsync(cluster);
        List<(MessagingClient From, MessagingClient To, string Name)> pairs = await OpenPairsAsync(cluster);
        await MeasureFloodAsync(cluster, pairs);
        foreach (int rate in (int[])[100, 250, 500])
        {
            await MeasureAsync(pairs, rate, TimeSpan.FromSeconds(10));
        }
    }

    /// <summary>As many messages as go, several times: what two builds are compared by.</summary>
    public static async Task RunFlood()
    {
        await using BenchCluster cluster = await BenchCluster.StartAsync(4);
        await cluster.JoinAsync("n4");
        List<(MessagingClient From, MessagingClient To, string Name)> pairs = await OpenPairsAsync(cluster);
        for (int round = 0; round < FloodRounds; round++)
        {
            await MeasureFloodAsync(cluster, pairs);
        }
    }

    private static async Task<List<(MessagingClient From, MessagingClient To, string Name)>> OpenPairsAsync(
        BenchCluster cluster)
    {
        List<(MessagingClient From, MessagingClient To, string Name)> pairs = [];
        for (int i = 0; i < Pairs; i++)
        {
            MessagingClient from = await cluster.OpenClientAsync($"a{i}", i % 4);
            MessagingClient to = await cluster.OpenClientAsync($"b{i}", (i + 1) % 4);
            pairs.Add((from, to, $"b{i}"));
        }

        await Task.WhenAll(pairs.Select(pair => FloodAsync(pair.From, pair.To, pair.Name, 50)));
        return pairs;
    }

    private static async Task MeasureFloodAsync(
        BenchCluster cluster, List<(MessagingClient From, MessagingClient To, string Name)> pairs)
    {
        const int each = 1000;
        TimeSpan nodes = CpuOf(cluster);
        TimeSpan clients = Environment.CpuUsage.TotalTime;
        long bytes = GC.GetTotalAllocatedBytes();
        Stopwatch clock = Stopwatch.StartNew();
        await Task.WhenAll(pairs.Select(pair => FloodAsync(pair.From, pair.To, pair.Name, each)));
        double messages = Pairs * each;
        double ofNodes = (CpuOf(cluster) - nodes).TotalMilliseconds / messages;
        double ofClients = (Environment.CpuUsage.TotalTime - clients).TotalMilliseconds / messages;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"through 4 nodes, {Pairs} pairs: {messages / clock.Elapsed.TotalSeconds:F0} messages/s, "
            + $"{ofNodes:F2} ms of the nodes' CPU a message, {ofClients:F2} ms of the clients', who allocate "
            + $"{(GC.GetTotalAllocatedBytes() - bytes) / messages / 1024:F0} KiB"));
    }

    private static async Task MeasureStartAsync(BenchCluster cluster)
    {
        const int starts = 5;
        List<double> milliseconds = [];
        for (int i = 0; i < starts; i++)
        {
            milliseconds.Add((await cluster.JoinAsync("n4")).TotalMilliseconds);
            if (i < starts - 1)
            {
                await cluster.StopAsync("n4");
            }
        }

        milliseconds.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"node from start of its process to ready, {starts} starts: median {milliseconds[starts / 2]:F0} ms, "
            + $"longest {milliseconds[^1]:F0} ms"));
    }

    private static async Task MeasureIdleAsync(BenchCluster cluster)
    {
        await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System);
        string sizes = string.Join(", ", cluster.Nodes.Select(
            static node => node.ResidentMegabytes.ToString("F0", CultureInfo.InvariantCulture)));
        Console.WriteLine($"resident memory of the idle nodes: {sizes} MB");
    }

    private static TimeSpan CpuOf(BenchCluster cluster) =>
        cluster.Nodes.Aggregate(TimeSpan.Zero, static (sum, node) => sum + node.CpuTime);

    private static async Task FloodAsync(MessagingClient from, MessagingClient to, string name, int count)
    {
        string text = new('x', 1024);
        Task receiving = ReceiveAsync(to, count, _ => { });
        for (int i = 0; i < count; i++)
        {
            _ = await from.SendTextAsync(name, text, CancellationToken.None);
        }

        await receiving;
    }

    private static async Task MeasureAsync(
        List<(MessagingClient From, MessagingClient To, string Name)> pairs, int perSecond, TimeSpan length)
    {
        List<double> milliseconds = [];
        double each = perSecond / (double)pairs.Count;
        await Task.WhenAll(pairs.Select(pair => PacedAsync(pair, each, length, milliseconds)));
        milliseconds.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"at {perSecond}/s: p50 {At(milliseconds, 0.5):F1} ms, p99 {At(milliseconds, 0.99):F1} ms, "
            + $"max {milliseconds[^1]:F1} ms ({milliseconds.Count} messages)"));
    }

    private static async Task PacedAsync(
        (MessagingClient From, MessagingClient To, string Name) pair, double perSecond, TimeSpan length,
        List<double> milliseconds)
    {
        int count = (int)(perSecond * length.TotalSeconds);
        string filling = new('x', 1000);
        Task receiving = ReceiveAsync(pair.To, count, text =>
        {
            ReadOnlySpan<char> stamp = text.AsSpan(0, text.IndexOf(' ', StringComparison.Ordinal));
            long sent = long.Parse(stamp, CultureInfo.InvariantCulture);
            lock (milliseconds)
            {
                milliseconds.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }
        });
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            TimeSpan wait = TimeSpan.FromSeconds(i / perSecond) - Stopwatch.GetElapsedTime(start);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, TimeProvider.System);
            }

            _ = pair.From.SendTextAsync(
                pair.Name, $"{Stopwatch.GetTimestamp()} {filling}", CancellationToken.None);
        }

        await receiving;
    }

    private static async Task ReceiveAsync(MessagingClient to, int count, Action<string> seen)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(3));
        List<Task> marks = [];
        await foreach (InboundItem item in to.ReceiveAsync(patience.Token))
        {
            seen(item.Text!);
            marks.Add(to.MarkDeliveredAsync(item));
            if (--count == 0)
            {
                break;
            }
        }

        await Task.WhenAll(marks);
    }

    private static double At(List<double> sorted, double quantile) =>
        sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * quantile))];
}
