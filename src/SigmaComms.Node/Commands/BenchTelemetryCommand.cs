using System.Globalization;
using System.Runtime.InteropServices;
using SigmaComms.Node.Benches;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma bench telemetry.</summary>
internal sealed class BenchTelemetryCommand : Verb
{
    private const int EventsDefault = 200_000;
    private const int RunsDefault = 7;

    private readonly CountOption _events = new("--events", "N", $"Events in a run; default {EventsDefault}");
    private readonly CountOption _runs = new("--runs", "N", $"Runs of which the median counts; default {RunsDefault}");

    public BenchTelemetryCommand()
        : base(
            "telemetry",
            "Measures what a log event costs the thread that tells it.",
            "sigma bench telemetry",
            "sigma bench telemetry --json --runs 15")
    {
        Add(_events);
        Add(_runs);
        Runs(RunAsync);
    }

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        int events = context.Arguments.GetValue(_events) ?? EventsDefault;
        int runs = context.Arguments.GetValue(_runs) ?? RunsDefault;
        context.Output.Note(
            $"{RuntimeInformation.FrameworkDescription} on {Environment.ProcessorCount} cores of "
            + $"{RuntimeInformation.ProcessArchitecture}; medians of {runs} runs of {events} events; for each event: "
            + "time, time of the thread itself, memory, and the bar");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("sigma-bench-");
        try
        {
            foreach (TelemetryBenchRow row in TelemetryBench.Measure(folder.FullName, events, runs, context.Stop))
            {
                Show(context.Output, row);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return Task.FromResult(ExitCode.Ok);
    }

    private static void Show(Output output, TelemetryBenchRow row)
    {
        string dropped = row.Dropped == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"   {row.Dropped} found no place: does not count");
        output.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{row.Name,-40} {row.Cost.Nanoseconds,9:N1} ns {row.Cost.CpuNanoseconds,9:N1} ns {row.Cost.Bytes,8:N1} B")
            + string.Create(CultureInfo.InvariantCulture, $"   < {row.BarNanoseconds,7:N0} ns{dropped}"));
        output.Object(writer =>
        {
            writer.WriteString("operation", row.Name);
            writer.WriteNumber("nanoseconds", row.Cost.Nanoseconds);
            if (double.IsFinite(row.Cost.CpuNanoseconds))
            {
                writer.WriteNumber("cpuNanoseconds", row.Cost.CpuNanoseconds);
            }

            writer.WriteNumber("bytes", row.Cost.Bytes);
            writer.WriteNumber("barNanoseconds", row.BarNanoseconds);
            writer.WriteNumber("dropped", row.Dropped);
        });
    }
}
