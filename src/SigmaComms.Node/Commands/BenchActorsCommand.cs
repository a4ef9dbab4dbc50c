using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using SigmaComms.Node.Benches;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma bench actors.</summary>
internal sealed class BenchActorsCommand : Verb
{
    private const int ActorsMax = 100_000;

    private readonly Option<int> _messages = new("--messages")
    {
        HelpName = "N",
        Description = "Messages in a run, 1,000 to 100,000,000; default 1,000,000",
        DefaultValueFactory = _ => 1_000_000,
    };

    private readonly Option<int> _runs = new("--runs")
    {
        HelpName = "N",
        Description = "Runs of which the median counts, 1 to 1,000; default 7",
        DefaultValueFactory = _ => 7,
    };

    private readonly Option<string?> _only = new("--only")
    {
        HelpName = "TEXT",
        Description = "Only workloads whose name has this text",
    };

    public BenchActorsCommand()
        : base(
            "actors",
            "Measures the actor runtime beside System.Threading.Channels in the same run.",
            "sigma bench actors --only ping-pong",
            "sigma bench actors --json --runs 15")
    {
        Add(_messages);
        Add(_runs);
        Add(_only);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        int messages = Between(context, _messages, 1_000, 100_000_000);
        int runs = Between(context, _runs, 1, 1_000);
        string only = context.Arguments.GetValue(_only) ?? "";
        ActorWorkload[] workloads = [.. ActorWorkloads.All.Where(workload => Fits(workload.Name, only))];
        string[] memory = [.. ((string[])["idle actor, fresh", "idle actor, had a message"]).Where(
            name => Fits(name, only))];
        if (workloads.Length + memory.Length == 0)
        {
            throw new CommandException(
                ExitCode.NotFound, "nothing to measure", "no workload has this name", "leave --only out to see all");
        }

        context.Output.Note(
            $"{RuntimeInformation.FrameworkDescription} on {Environment.ProcessorCount} cores of "
            + $"{RuntimeInformation.ProcessArchitecture}; medians of {runs} runs; for each message: time, time of all "
            + "cores, memory; then the same over channels, and how many times their time it is");
        // First of all: floods leave large arrays in the runtime's pool, which gives them back when it likes.
        foreach (string name in memory)
        {
            context.Stop.ThrowIfCancellationRequested();
            bool touched = name.EndsWith("message", StringComparison.Ordinal);
            ShowMemory(context.Output, name, await ActorMemory.MeasureAsync(Math.Min(messages, ActorsMax), touched));
        }

        foreach (ActorWorkload workload in workloads)
        {
            Show(context.Output, await ActorBench.MeasureAsync(workload, messages, runs, context.Stop));
        }

        return ExitCode.Ok;
    }

    private static bool Fits(string name, string only) => name.Contains(only, StringComparison.OrdinalIgnoreCase);

    private static int Between(CommandContext context, Option<int> option, int least, int most)
    {
        int value = context.Arguments.GetValue(option);
        return value >= least && value <= most
            ? value
            : throw new CommandException(
                ExitCode.Usage, "cannot measure", $"{option.Name} is {least} to {most}", "leave it out");
    }

    private static void Show(Output output, ActorBenchRow row)
    {
        string peer = row.Peer is { } other ? string.Create(
            CultureInfo.InvariantCulture,
            $"   channels {other.Nanoseconds,8:N1} ns {other.CpuNanoseconds,8:N1} ns {other.Bytes,7:N1} B"
            + $"  x {row.Ratio:N2}")
            : "";
        output.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{row.Name,-37} {row.Own.Nanoseconds,8:N1} ns {row.Own.CpuNanoseconds,8:N1} ns {row.Own.Bytes,7:N1} B")
            + peer);
        output.Object(writer =>
        {
            writer.WriteString("operation", row.Name);
            writer.WriteNumber("nanoseconds", row.Own.Nanoseconds);
            writer.WriteNumber("cpuNanoseconds", row.Own.CpuNanoseconds);
            writer.WriteNumber("bytes", row.Own.Bytes);
            if (row.Peer is { } other)
            {
                writer.WriteString("peer", "System.Threading.Channels");
                writer.WriteNumber("peerNanoseconds", other.Nanoseconds);
                writer.WriteNumber("peerCpuNanoseconds", other.CpuNanoseconds);
                writer.WriteNumber("peerBytes", other.Bytes);
                writer.WriteNumber("ratio", row.Ratio!.Value);
            }
        });
    }

    private static void ShowMemory(Output output, string name, double bytes)
    {
        output.Line(string.Create(CultureInfo.InvariantCulture, $"{name,-37} {bytes,8:N0} B kept"));
        output.Object(writer =>
        {
            writer.WriteString("operation", name);
            writer.WriteNumber("keptBytes", bytes);
        });
    }
}
