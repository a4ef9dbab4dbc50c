using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Telemetry;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Benches;

/// <summary>
/// Measures what a log event costs the thread that tells it, over the loggers of a node: level, category, queue, spool
/// on a real disk. Between two parts the queue is emptied off the clock, so that no event finds it full.
/// </summary>
internal static class TelemetryBench
{
    private const string Node = "bench";
    private const int PartEvents = 8_000;
    private const int WarmUps = 2;
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
        List<(double Nanoseconds, double Bytes)> measured = [];
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
                (double, double) run = MeasureOnce(logger, tell, events, () => Empty(pipeline, spool));
                measured.AddRange(i < 0 ? [] : [run]);
            }
        }

        return new TelemetryBenchRow(
            name,
            Middle(measured.Select(static run => run.Nanoseconds)),
            Middle(measured.Select(static run => run.Bytes)),
            bar,
            pipeline.EventsDropped + file.EventsDropped);
    }

    private static (double Nanoseconds, double Bytes) MeasureOnce(
        ILogger logger, Action<ILogger, int> tell, int events, Action empty)
    {
        long ticks = 0;
        long bytes = 0;
        for (int told = 0; told < events; told += PartEvents)
        {
            int part = Math.Min(PartEvents, events - told);
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < part; i++)
            {
                tell(logger, told + i);
            }

            ticks += Stopwatch.GetTimestamp() - start;
            bytes += GC.GetAllocatedBytesForCurrentThread() - before;
            empty();
        }

        return (ticks * (1e9 / Stopwatch.Frequency) / events, bytes / (double)events);
    }

    // Nobody sends here: what was written is taken away, so that the spool is never full.
    private static void Empty(OtlpPipeline pipeline, OtlpSpool spool)
    {
        pipeline.Flush();
        while (spool.Peek() is { } batch)
        {
            spool.Complete(batch, taken: true);
        }
    }

    private static double Middle(IEnumerable<double> figures)
    {
        double[] ordered = [.. figures.Order()];
        return ordered[ordered.Length / 2];
    }
}
