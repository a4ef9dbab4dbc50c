using System.Diagnostics;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Persistence;
using SigmaComms.Persistence.InMemory;
using SigmaComms.Persistence.PostgreSql;
using SigmaComms.Persistence.Sealing;
using SigmaComms.Persistence.Sqlite;
using SigmaComms.Persistence.Tests.PostgreSql;

namespace SigmaComms.Bench.Persistence;

/// <summary>
/// Appends and replays on every store, on a real disk: alone, by many writers at once, and in large appends.
/// </summary>
internal static class JournalBench
{
    private const int LargeBytes = 1_000;
    private const int SmallBytes = 100;

    /// <summary>Runs all and prints a line for each.</summary>
    /// <param name="folder">A folder on the disk to be measured; must exist.</param>
    public static async Task Run(string folder)
    {
        await RunStoreAsync("memory", new InMemoryStore(TimeProvider.System));
        await RunStoreAsync("SQLite", await OpenFileAsync(folder, "plain.db"));
        SqliteStore below = await OpenFileAsync(folder, "sealed.db");
        await RunStoreAsync(
            "SQLite, sealed",
            new SealedStore(below, below, new byte[SealedStore.KeySize], SystemRandom.Instance));
        if (PostgreSqlServer.WhyNot is { } lack)
        {
            Console.WriteLine($"PostgreSQL is not measured: {lack}");
            return;
        }

        PostgreSqlServer server = PostgreSqlServer.Shared;
        await RunStoreAsync("PostgreSQL", await server.OpenAsync(server.NewSchema()));
    }

    private static ValueTask<SqliteStore> OpenFileAsync(string folder, string name) =>
        SqliteStore.OpenAsync(new SqliteStoreOptions { Path = Path.Combine(folder, name) }, CancellationToken.None);

    private static async Task RunStoreAsync(string name, IJournal store)
    {
        Console.WriteLine(name);
        await using (store)
        {
            await AppendAsync(store, "warm", 64, 20, 1, LargeBytes);
            Report("append, 1 writer, 1 event", await AppendAsync(store, "alone", 1, 500, 1, LargeBytes));
            Report("append, 10 writers, 1 event", await AppendAsync(store, "ten", 10, 300, 1, LargeBytes));
            Report("append, 100 writers, 1 event", await AppendAsync(store, "hundred", 100, 200, 1, LargeBytes));
            Report("append, 1000 writers, 1 event", await AppendAsync(store, "thousand", 1_000, 100, 1, LargeBytes));
            Report("append, 1 writer, 100 events", await AppendAsync(store, "large", 1, 200, 100, LargeBytes));
            Report("append, 1 writer, 1000 events", await AppendAsync(store, "larger", 1, 100, 1_000, LargeBytes));
            await AppendAsync(store, "small", 1, 200, 1_000, SmallBytes);
            await ReplayAsync(store, "small/0");
            Report("replay, 100000 events of 1 KB", await ReplayAsync(store, "larger/0"));
            Report("replay, 200000 events of 100 B", await ReplayAsync(store, "small/0"));
            Report("actor's recovery, same events", await RecoverAsync(store, "small/0"));
        }
    }

    private static async Task<Measure> AppendAsync(
        IJournal store, string name, int writers, int appends, int events, int sizeBytes)
    {
        NewEvent[] batch = [.. Enumerable.Repeat(new NewEvent(1, 1, new byte[sizeBytes]), events)];
        long[][] ticks = new long[writers][];
        var meter = Meter.Start();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            ticks[writer] = new long[appends];
            for (int i = 0; i < appends; i++)
            {
                long begin = Stopwatch.GetTimestamp();
                AppendResult result = await store.AppendAsync(
                    $"{name}/{writer}", (long)i * events, 0, batch, CancellationToken.None);
                ticks[writer][i] = Stopwatch.GetTimestamp() - begin;
                if (!result.IsStored)
                {
                    throw new InvalidOperationException(result.Reason);
                }
            }
        }));
        long[] sorted = [.. ticks.SelectMany(t => t).Order()];
        return meter.Stop((long)writers * appends * events) with
        {
            P50 = sorted[sorted.Length / 2], P99 = sorted[sorted.Length * 99 / 100],
        };
    }

    private static async Task<Measure> ReplayAsync(IJournal store, string persistenceId)
    {
        var meter = Meter.Start();
        long count = 0;
        await foreach (JournalEvent e in store.ReplayAsync(persistenceId, 1, CancellationToken.None))
        {
            count += Math.Sign(e.Payload.Length);
        }

        return meter.Stop(count);
    }

    private static async Task<Measure> RecoverAsync(IJournal store, string persistenceId)
    {
        var meter = Meter.Start();
        return meter.Stop(await RecoveringCounter.RunAsync(store, (ISnapshotStore)store, persistenceId));
    }

    private static void Report(string what, Measure m) => Console.WriteLine(
        $"  {what,-32} {m.Events / m.Elapsed.TotalSeconds,10:f0} events/s"
        + $" {m.Events / m.Processor.TotalSeconds,10:f0} each CPU-second of this process"
        + (m.P50 == 0 ? "" : $"   p50 {Milliseconds(m.P50),8:f2} ms   p99 {Milliseconds(m.P99),8:f2} ms"));

    private static double Milliseconds(long ticks) => ticks * 1_000.0 / Stopwatch.Frequency;

    private readonly record struct Measure(long Events, TimeSpan Elapsed, TimeSpan Processor, long P50, long P99);

    private readonly record struct Meter(long Begin, TimeSpan Processor)
    {
        public static Meter Start() => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);

        public Measure Stop(long events) => new(
            events, Stopwatch.GetElapsedTime(Begin), Environment.CpuUsage.TotalTime - Processor, 0, 0);
    }
}
