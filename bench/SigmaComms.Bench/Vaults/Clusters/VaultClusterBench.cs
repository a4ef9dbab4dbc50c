using System.Text.Encodings.Web;
using System.Text.Json;

namespace SigmaComms.Bench.Vaults.Clusters;

/// <summary>
/// A vault over a cluster of real processes: a file to and fro, memory, expansion, small files, a sparse file in
/// constant memory, and the nodes' own repair after one of six was killed. Each part prints a line of JSON.
/// </summary>
internal static class VaultClusterBench
{
    private const int SmallFileBytes = 4096;

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Runs all parts that the options ask for.</summary>
    public static async Task Run(VaultBenchOptions options, CancellationToken ct)
    {
        Directory.CreateDirectory(options.Source);
        string source = Directory.CreateDirectory(Path.Combine(options.Source, $"sigma-bench-{Guid.NewGuid():N}"))
            .FullName;
        try
        {
            await using VaultCluster cluster = await VaultCluster.StartAsync(options, ct);
            Print(new
            {
                part = "setting", options.Nodes, shape = options.ShapeText, nodesIn = options.Folder,
                filesIn = options.Source, processors = Environment.ProcessorCount,
            });
            VaultTransfer transfer = new(cluster, source, options);
            IReadOnlyList<TransferFigures> rounds = await MeasureFileAsync(cluster, transfer, options, ct);
            await MeasureSmallAsync(cluster, source, options, ct);
            await MeasureSparseAsync(cluster, options, rounds.Max(round => round.ClientPutPeakMebibytes), ct);
            if (options is { Nodes: 6, RepairSeconds: > 0 })
            {
                Print(await VaultRepairBench.RunAsync(cluster, transfer, source, options, ct));
            }
        }
        finally
        {
            Directory.Delete(source, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<TransferFigures>> MeasureFileAsync(
        VaultCluster cluster, VaultTransfer transfer, VaultBenchOptions options, CancellationToken ct)
    {
        long before = await cluster.UsedBytesAsync(ct);
        List<TransferFigures> rounds = [];
        for (int round = 0; round < options.Rounds; round++)
        {
            rounds.Add(await transfer.RunAsync(round, ct));
            Print(new { part = "file", options.Mebibytes, round, figures = rounds[^1] });
        }

        long used = await cluster.UsedBytesAsync(ct) - before;
        (int data, int parity) = options.Shape;
        double expansion = used / ((double)transfer.Length * options.Rounds);
        double bar = (double)(data + parity) / data * 1.02;
        Print(new
        {
            part = "expansion", usedBytes = used, plainBytes = transfer.Length * options.Rounds, expansion, bar,
            holds = used > 0 && expansion <= bar, peakOfNodesMebibytes = cluster.PeakOfNodesMebibytes(),
        });
        return rounds;
    }

    private static async Task MeasureSmallAsync(
        VaultCluster cluster, string source, VaultBenchOptions options, CancellationToken ct)
    {
        if (options.SmallFiles == 0)
        {
            return;
        }

        string tree = Path.Combine(source, "small");
        string back = Path.Combine(source, "small.back");
        BenchFile.WriteMany(tree, options.SmallFiles, SmallFileBytes);
        SigmaRun put = await cluster.SucceedAsync(ct, "vault", "put", tree, $"{VaultCluster.Vault}:/small", "-r");
        SigmaRun get = await cluster.SucceedAsync(ct, "vault", "get", $"{VaultCluster.Vault}:/small", back, "-r");
        Require(BenchFile.HashOfFolder(tree) == BenchFile.HashOfFolder(back), "The small files came back changed.");
        Print(new
        {
            part = "small", files = options.SmallFiles, sizeBytes = SmallFileBytes,
            putFilesPerSecond = options.SmallFiles / put.TransferSeconds,
            getFilesPerSecond = options.SmallFiles / get.TransferSeconds,
            clientPutPeakMebibytes = put.PeakMebibytes, clientGetPeakMebibytes = get.PeakMebibytes,
            peakOfNodesMebibytes = cluster.PeakOfNodesMebibytes(),
        });
        Directory.Delete(tree, recursive: true);
        Directory.Delete(back, recursive: true);
    }

    /// <summary>
    /// Its memory is compared with that of the other file, which is a tenth as long: what grew between them would go on
    /// growing.
    /// </summary>
    private static async Task MeasureSparseAsync(
        VaultCluster cluster, VaultBenchOptions options, double usualPeakMebibytes, CancellationToken ct)
    {
        const int barMebibytes = 128;
        if (options.SparseGibibytes == 0)
        {
            return;
        }

        string sparse = Path.Combine(options.Folder, $"sigma-bench-sparse-{Guid.NewGuid():N}");
        try
        {
            BenchFile.WriteSparse(sparse, (long)options.SparseGibibytes << 30);
            SigmaRun put = await cluster.SucceedAsync(ct, "vault", "put", sparse, $"{VaultCluster.Vault}:/sparse");
            double growth = put.PeakMebibytes - usualPeakMebibytes;
            Print(new
            {
                part = "sparse", gibibytes = options.SparseGibibytes, putSeconds = put.TransferSeconds,
                putMegabytesPerSecond = put.Json.GetProperty("sizeBytes").GetInt64() / 1e6 / put.TransferSeconds,
                clientPutPeakMebibytes = put.PeakMebibytes, usualPeakMebibytes, growthMebibytes = growth,
                barMebibytes, holds = growth < barMebibytes, peakOfNodesMebibytes = cluster.PeakOfNodesMebibytes(),
            });
        }
        finally
        {
            File.Delete(sparse);
        }
    }

    private static void Require(bool holds, string fault)
    {
        if (!holds)
        {
            throw new InvalidOperationException(fault);
        }
    }

    private static void Print(object part) => Console.WriteLine(JsonSerializer.Serialize(part, Form));
}
