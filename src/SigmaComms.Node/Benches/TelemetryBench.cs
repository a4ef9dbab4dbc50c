using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Telemetry;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Benches;

/// <summary>
/// Measures what a log event costs the thread that tells it, over the loggers of a node: level, category, queue, spool
/// on a real disk. Between two parts the queues are emptied off the clock, so that no event finds them full. The time
/// of the thread itself is what counts where others have the processor too.
/// </summary>
internal static class TelemetryBench
{
    private const string Node = "bench";
    private const int PartEvents = 8_000;
    private const int WarmUps = 2;
    private const int ThreadClock = 3;
    private const double DisabledBar = 20;
    private const double ToBatchBar = 1_000;
    private const double EntryBar = 100_000;

    /// <summary>Measures all of it.</summary>
    /// <param name="folder">For spool and log file; must be empty.</param>
    /// <param name="events">Events in a run.</param>
    /// <param name="runs">Runs of which the median counts.</param>
    /// <param name="stop">Ends it between two runs.</param>
    public static IEnumerable<TelemetryBenchRow> Measure(
        string folder, int events, int runs, CancellationToken stop)
    {
        yield return MeasureOver(
            folder, hasFile: false, "disabled level", DisabledBar,
            static (logger, number) => logger.MeasuredInDetail(Node, 7, "/user/node/bench", "Bench", number),
            events, runs, stop);
        yield return MeasureOver(
            folder, hasFile: false, "enabled, to the batch for the server", ToBatchBar,
            static (logger, number) => logger.Measured(Node, 7, "/user/node/bench", "Bench", number),
            events, runs, stop);
        yield return MeasureOver(
            folder, hasFile: true, "enabled, to the server and the log file", EntryBar,
            static (logger, number) => logger.Measured(Node, 7, "/user/node/bench", "Bench", number),
            events, runs, stop);
    }

    private static TelemetryBenchRow MeasureOver(
        string folder, bool hasFile, string name, double bar, Action<ILogger, int> tell, int events, int runs,
        CancellationToken stop)
    {
        TelemetryConfiguration configuration = new() { TracesPercent = 0 };
        LogFile file = new();
        using OtlpSpool spool = new(Path.Combine(folder, "spool"), (long)configuration.SpoolMegabytes << 20);
        using OtlpPipeline pipeline = new(configuration, Node, spool);
        Output nobody = new(TextWriter.Null, TextWriter.Null) { Quiet = true };
        List<TelemetryCost> measured = [];
        using (ILoggerFactory logs = NodeLog.Create(LogLevel.Information, nobody, builder =>
        {
            if (hasFile)
            {
                file.AddTo(builder, configuration, Path.Combine(folder, "logs"), Node);
            }

            pipeline.AddTo(builder);
        }))
        {
            ILogger logger = logs.CreateLogger("SigmaComms.Bench");
            for (int i = -WarmUps; i < runs; i++)
            {
                stop.ThrowIfCancellationRequested();
                TelemetryCost run = MeasureOnce(logger, tell, events, () => Empty(pipeline, spool, file));
                measured.AddRange(i < 0 ? [] : [run]);
            }
        }

        return new TelemetryBenchRow(
            name,
            new TelemetryCost(
                Middle(measured, static run => run.Nanoseconds),
                Middle(measured, static run => run.CpuNanoseconds),
                Middle(measured, static run => run.Bytes)),
            bar,
            pipeline.EventsDropped + file.EventsDropped);
    }

    private static TelemetryCost MeasureOnce(ILogger logger, Action<ILogger, int> tell, int events, Action empty)
    {
        long ticks = 0;
        double processor = 0;
        long bytes = 0;
        for (int told = 0; told < events; told += PartEvents)
        {
            int part = Math.Min(PartEvents, events - told);
            double ran = ThreadNanoseconds();
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < part; i++)
            {
                tell(logger, told + i);
            }

            ticks += Stopwatch.GetTimestamp() - start;
            bytes += GC.GetAllocatedBytesForCurrentThread() - before;
            processor += ThreadNanoseconds() - ran;
            empty();
        }

        return new TelemetryCost(
            ticks * (1e9 / Stopwatch.Frequency) / events, processor / events, bytes / (double)events);
    }

    private static double ThreadNanoseconds() =>
        OperatingSystem.IsLinux() && GetClock(ThreadClock, out ClockTime time) == 0
            ? time.Seconds * 1e9 + time.Nanoseconds
            : double.NaN;

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int GetClock(int clock, out ClockTime time);

    // Nobody sends here: what was written is taken away, so that the spool is never full.
    private static void Empty(OtlpPipeline pipeline, OtlpSpool spool, LogFile file)
    {
        pipeline.Flush();
        SpinWait.SpinUntil(() => file.EventsWaiting == 0);
        while (spool.Peek() is { } batch)
        {
            spool.Complete(batch, taken: true);
        }
    }

    private static double Middle(List<TelemetryCost> runs, Func<TelemetryCost, double> figure) =>
        runs.Select(figure).Order().ElementAt(runs.Count / 2);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct ClockTime
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
