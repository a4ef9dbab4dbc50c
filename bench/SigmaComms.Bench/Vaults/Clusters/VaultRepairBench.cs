using System.Diagnostics;

namespace SigmaComms.Bench.Vaults.Clusters;

/// <summary>
/// One of six nodes is killed, and the others rebuild what it held, by themselves. How many fragments are missing is
/// asked again and again, while a file is read again and again.
/// </summary>
internal static class VaultRepairBench
{
    private const int ReadBytes = 16 << 20;
    private const double BarSeconds = 60;

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    /// <summary>Kills n6 and waits until redundancy is full.</summary>
    /// <returns>Figures to be printed.</returns>
    public static async Task<object> RunAsync(
        VaultCluster cluster, VaultTransfer transfer, string source, VaultBenchOptions options, CancellationToken ct)
    {
        string file = Path.Combine(source, "read");
        string digest = BenchFile.Write(file, ReadBytes, seed: 1);
        await cluster.SucceedAsync(ct, "vault", "put", file, $"{VaultCluster.Vault}:/read");
        cluster.Kill("n6");
        long killed = Stopwatch.GetTimestamp();
        using CancellationTokenSource reading = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task<(int Reads, int Failures, string First)> reads = ReadAsync(cluster, file + ".back", digest, reading.Token);
        List<Look> looks = await LookAsync(cluster, killed, TimeSpan.FromSeconds(options.RepairSeconds), ct);
        await reading.CancelAsync();
        (int count, int failures, string first) = await reads;
        await transfer.GetAsync(0, ct);
        Look? last = looks.LastOrDefault();
        long worst = looks.Select(static look => look.Missing).DefaultIfEmpty().Max();
        // Nothing missing at any time means that the loss was not seen, not that it was repaired.
        bool isWhole = last is { Missing: 0, IsWhole: true } && worst > 0;
        double begun = looks.LastOrDefault(look => look.Missing == worst)?.Seconds ?? 0;
        return new
        {
            part = "repair",
            killed = "n6",
            options.RepairAfterSeconds,
            isWhole,
            secondsSinceKill = isWhole ? last!.Seconds : (double?)null,
            secondsSinceFirstRebuilt = isWhole ? last!.Seconds - begun : (double?)null,
            barSeconds = BarSeconds,
            holds = isWhole && last!.Seconds < BarSeconds,
            fragmentsMissing = worst,
            reads = count,
            readsFailed = failures,
            firstFailure = first,
            looks,
        };
    }

    private static async Task<List<Look>> LookAsync(
        VaultCluster cluster, long killed, TimeSpan patience, CancellationToken ct)
    {
        List<Look> looks = [];
        do
        {
            // It ends with "partial" as long as something is missing, and without an answer if the log's leader was
            // killed and there is no new one yet.
            SigmaRun verify = await cluster.RunAsync(ct, "vault", "verify", VaultCluster.Vault);
            double seconds = Stopwatch.GetElapsedTime(killed).TotalSeconds;
            if (verify.Data.Contains("missingFragments", StringComparison.Ordinal))
            {
                looks.Add(new Look(
                    seconds,
                    verify.Json.GetProperty("missingFragments").GetInt64(),
                    verify.Json.GetProperty("whole").GetBoolean()));
            }

            if (looks is [.., { IsWhole: true }])
            {
                break;
            }

            await Task.Delay(LookInterval, ct);
        }
        while (Stopwatch.GetElapsedTime(killed) < patience);

        return looks;
    }

    private static async Task<(int Reads, int Failures, string First)> ReadAsync(
        VaultCluster cluster, string to, string digest, CancellationToken ct)
    {
        int reads = 0;
        int failures = 0;
        string first = "";
        try
        {
            while (true)
            {
                SigmaRun get = await cluster.RunAsync(ct, "vault", "get", $"{VaultCluster.Vault}:/read", to);
                reads++;
                if (get.ExitCode != 0 || BenchFile.HashOf(to) != digest)
                {
                    failures++;
                    first = first.Length > 0 ? first : $"{get.ExitCode}: {get.Notes}";
                }

                await Task.Delay(LookInterval, ct);
            }
        }
        catch (OperationCanceledException)
        {
            return (reads, failures, first);
        }
    }

    private sealed record Look(double Seconds, long Missing, bool IsWhole);
}
