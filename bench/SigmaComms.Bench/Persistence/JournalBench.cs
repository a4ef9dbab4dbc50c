using System.Diagnostics;
using SigmaComms.Persistence;
using SigmaComms.Persistence.Sqlite;

namespace SigmaComms.Bench.Persistence;

/// <summary>Appends and replays on a real disk: alone, by many writers at once, and in large appends.</summary>
internal static class JournalBench
{
    private const int PayloadBytes = 1_000;

    /// <summary>Runs all and prints a line for each.</summary>
    /// <param name="folder">A folder on the disk to be measured; must exist.</param>
    public static async Task Run(string folder)
    {
        string file = Path.Combine(folder, $"bench-{Environment.ProcessId}.db");
        try
        {
            await using SqliteStore store = await SqliteStore.OpenAsync(
                new SqliteStoreOptions { Path = file }, CancellationToken.None);
            await AppendAsync(store, "warm", 64, 20, 1);
            Report("append, 1 writer, 1 event", await AppendAsync(store, "alone", 1, 500, 1));
            Report("append, 10 writers, 1 event", await AppendAsync(store, "ten", 10, 300, 1));
            Report("append, 100 writers, 1 event", await AppendAsync(store, "hundred", 100, 200, 1));
            Report("append, 1000 writers, 1 event", await AppendAsync(store, "thousand", 1_000, 100, 1));
            Report("append, 1 writer, 100 events", await AppendAsync(store, "large", 1, 200, 100));
            Report("append, 1 writer, 1000 events", await AppendAsync(store, "larger", 1, 100, 1_000));
            Report("replay, 100000 events", await ReplayAsync(store, "larger/0"));
        }
        finally
        {
            foreach (string suffix in (string[])["", "-wal", "-shm", ".lock"])
            {
                File.Delete(file + suffix);
            }
        }
    }

    private static async Task<Measure> AppendAsync(
        SqliteStore store, string name, int writers, int appends, int events)
    {
        NewEvent[] batch = [.. Enumerable.Repeat(new NewEvent(1, 1, new byte[PayloadBytes]), events)];
        long[][] ticks = new long[writers][];
        long start = Stopwatch.GetTimestamp();
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
        return new Measure(
            (long)writers * appends * events, Stopwatch.GetElapsedTime(start), sorted[sorted.Length / 2],
            sorted[sorted.Length * 99 / 100]);
    }

    private static async Task<Measure> ReplayAsync(SqliteStore store, string persistenceId)
    {
        long start = Stopwatch.GetTimestamp();
        long count = 0;
        await foreach (JournalEvent e in store.ReplayAsync(persistenceId, 1, CancellationToken.None))
        {
            count += e.Payload.Length / PayloadBytes;
        }

        return new Measure(count, Stopwatch.GetElapsedTime(start), 0, 0);
    }

    private static void Report(string what, Measure m) => Console.WriteLine(
        $"{what,-32} {m.Events / m.Elapsed.TotalSeconds,10:f0} events/s   p50 {Milliseconds(m.P50),8:f2} ms   "
        + $"p99 {Milliseconds(m.P99),8:f2} ms");

    private static double Milliseconds(long ticks) => ticks * 1_000.0 / Stopwatch.Frequency;

    private readonly record struct Measure(long Events, TimeSpan Elapsed, long P50, long P99);
}
