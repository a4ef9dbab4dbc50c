using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using SigmaComms.Bench.Vaults.Clusters;

namespace SigmaComms.Bench.Vaults.Gluster;

/// <summary>
/// The same file through a vault over six nodes and through GlusterFS over six bricks, both 4+2 and on the same disk,
/// in turns; with --nodes 4 the vault is 2+2. GlusterFS neither encrypts nor orders its writes among validators; the
/// vault does. The copy to GlusterFS ends with fsync, as a put ends when its fragments are durable.
/// </summary>
internal static class GlusterBench
{
    private const int BlockBytes = 1 << 20;

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Runs all and prints a line of JSON for each turn, and the ratios.</summary>
    public static async Task Run(VaultBenchOptions options, CancellationToken ct)
    {
        if (GlusterVolume.FindObstacle() is { } obstacle)
        {
            Console.WriteLine($"Nothing is compared: {obstacle}.");
            return;
        }

        Directory.CreateDirectory(options.Source);
        string source = Directory.CreateDirectory(Path.Combine(options.Source, $"sigma-bench-{Guid.NewGuid():N}"))
            .FullName;
        try
        {
            await using VaultCluster cluster = await VaultCluster.StartAsync(options, ct);
            await using GlusterVolume gluster = await GlusterVolume.StartAsync(options.Folder, ct);
            VaultTransfer transfer = new(cluster, source, options);
            await MeasureAsync(gluster, transfer, source, options, ct);
        }
        finally
        {
            Directory.Delete(source, recursive: true);
        }
    }

    private static async Task MeasureAsync(
        GlusterVolume gluster, VaultTransfer transfer, string source, VaultBenchOptions options, CancellationToken ct)
    {
        List<TransferFigures> ours = [];
        List<PeerFigures> theirs = [];
        for (int round = 0; round < options.Rounds; round++)
        {
            await SettleAsync(ct);
            theirs.Add(await CopyAsync(gluster, transfer, source, round, ct));
            Print(new { peer = "glusterfs 4+2", options.Mebibytes, round, figures = theirs[^1] });
            await SettleAsync(ct);
            ours.Add(await transfer.RunAsync(round, ct));
            Print(new { peer = $"sigma {options.ShapeText}", options.Mebibytes, round, figures = ours[^1] });
        }

        Print(new
        {
            options.Mebibytes,
            options.Rounds,
            bricksIn = options.Folder,
            filesIn = options.Source,
            glusterExpansion = gluster.UsedBytes / ((double)transfer.Length * options.Rounds),
            putRatio = ours.Average(static our => our.PutMegabytesPerSecond)
                / theirs.Average(static their => their.PutMegabytesPerSecond),
            getRatio = ours.Average(static our => our.GetMegabytesPerSecond)
                / theirs.Average(static their => their.GetMegabytesPerSecond),
        });
    }

    private static async Task<PeerFigures> CopyAsync(
        GlusterVolume gluster, VaultTransfer transfer, string source, int round, CancellationToken ct)
    {
        string there = Path.Combine(
            gluster.Mount, string.Create(CultureInfo.InvariantCulture, $"file{round}"));
        string back = Path.Combine(source, "gluster.back");
        double put = await CopyAsync(transfer.File, there, ct);
        double get = await CopyAsync(there, back, ct);
        if (BenchFile.HashOf(back) != BenchFile.HashOf(transfer.File))
        {
            throw new InvalidOperationException("The file came back changed from GlusterFS.");
        }

        File.Delete(back);
        return new PeerFigures(transfer.Length / 1e6 / put, transfer.Length / 1e6 / get);
    }

    /// <summary>Copies as cp does, and syncs.</summary>
    /// <returns>Seconds.</returns>
    private static async Task<double> CopyAsync(string from, string to, CancellationToken ct)
    {
        long start = Stopwatch.GetTimestamp();
        await using (FileStream reader = new(from, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0))
        await using (FileStream writer = new(to, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            await reader.CopyToAsync(writer, BlockBytes, ct);
            writer.Flush(flushToDisk: true);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>What one has left to be written is not written in the other's turn.</summary>
    private static async Task SettleAsync(CancellationToken ct)
    {
        using Process sync = Process.Start("sync");
        await sync.WaitForExitAsync(ct);
    }

    private static void Print(object part) => Console.WriteLine(JsonSerializer.Serialize(part, Form));

    private sealed record PeerFigures(double PutMegabytesPerSecond, double GetMegabytesPerSecond);
}
