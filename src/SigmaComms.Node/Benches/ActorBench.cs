using System.Diagnostics;

namespace SigmaComms.Node.Benches;

/// <summary>
/// Measures workloads in turns with their peer, so that another load on the machine meets both alike. Before that
/// both are warmed up until the runtime has compiled their code in its final form.
/// </summary>
internal static class ActorBench
{
    private const int WarmUps = 5;

    /// <summary>Measures one workload.</summary>
    /// <param name="workload">What to do.</param>
    /// <param name="operations">Operations in a run.</param>
    /// <param name="runs">Runs; the median counts.</param>
    /// <param name="stop">Ends it between two runs.</param>
    public static async Task<ActorBenchRow> MeasureAsync(
        ActorWorkload workload, int operations, int runs, CancellationToken stop)
    {
        int count = Math.Max(1, operations / workload.Divisor);
        List<ActorBenchFigures> own = [];
        List<ActorBenchFigures> peer = [];
        for (int i = -WarmUps; i < runs; i++)
        {
            stop.ThrowIfCancellationRequested();
            ActorBenchFigures mine = await MeasureOnceAsync(workload.Run, count);
            ActorBenchFigures? other = workload.Peer is { } run ? await MeasureOnceAsync(run, count) : null;
            if (i >= 0)
            {
                own.Add(mine);
                peer.AddRange(other is null ? [] : [other]);
            }
        }

        return new ActorBenchRow(workload.Name, Median(own), peer.Count == 0 ? null : Median(peer));
    }

    private static async Task<ActorBenchFigures> MeasureOnceAsync(Func<int, Task> work, int count)
    {
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        await work(count);
        double nanoseconds = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        processor = Environment.CpuUsage.TotalTime - processor;
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        return new ActorBenchFigures(
            nanoseconds / count, processor.TotalNanoseconds / count, bytes / (double)count);
    }

    private static ActorBenchFigures Median(List<ActorBenchFigures> runs) => new(
        Middle(runs, static run => run.Nanoseconds),
        Middle(runs, static run => run.CpuNanoseconds),
        Middle(runs, static run => run.Bytes));

    private static double Middle(List<ActorBenchFigures> runs, Func<ActorBenchFigures, double> figure) =>
        runs.Select(figure).Order().ElementAt(runs.Count / 2);
}
