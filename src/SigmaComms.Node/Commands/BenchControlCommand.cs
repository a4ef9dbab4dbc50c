using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using SigmaComms.Node.Benches;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma bench control.</summary>
internal sealed class BenchControlCommand : Verb
{
    private const int ClientsMax = 4_096;
    private const int SizeUsual = 256;
    private const int SizeMax = 60_000;
    private const int SecondsUsual = 5;
    private const int WarmUpClients = 16;

    // Until what is used most is compiled for good.
    private static readonly TimeSpan WarmUpLength = TimeSpan.FromSeconds(3);

    private readonly Option<string> _clients = new("--clients")
    {
        HelpName = "N,N,...",
        Description = "Clients that ask at a time, one run for each number. Default 1,16,128",
        DefaultValueFactory = _ => "1,16,128",
    };

    private readonly CountOption _size = new("--size", "BYTES", $"Bytes of an entry. Default {SizeUsual}");
    private readonly CountOption _seconds = new("--seconds", "N", $"Length of a run. Default {SecondsUsual}");

    public BenchControlCommand()
        : base(
            "control",
            "Measures a control log of four validators on this machine, with every vote durable before it is said.",
            "sigma bench control",
            "sigma bench control --clients 1,16,128 --size 256 --json")
    {
        Add(_clients);
        Add(_size);
        Add(_seconds);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        int[] clients = [.. context.Arguments.GetRequiredValue(_clients).Split(',').Select(NumberOf)];
        int size = context.Arguments.GetValue(_size) ?? SizeUsual;
        if (size > SizeMax)
        {
            throw Wrong($"--size is {size}", $"choose 1 to {SizeMax}");
        }

        TimeSpan length = TimeSpan.FromSeconds(context.Arguments.GetValue(_seconds) ?? SecondsUsual);
        context.Output.Note(
            $"{RuntimeInformation.FrameworkDescription} on {Environment.ProcessorCount} cores of "
            + $"{RuntimeInformation.ProcessArchitecture}; four validators in this process, entries of {size} bytes, "
            + $"{length.TotalSeconds:F0} s for each number of clients");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("sigma-bench-");
        try
        {
            await using ControlBench bench = await ControlBench.StartAsync(folder.FullName, context.Time, context.Stop);
            bool isWhole = true;
            await bench.MeasureAsync(WarmUpClients, size, context.Time, WarmUpLength, context.Stop);
            foreach (int number in clients)
            {
                ControlBenchRow row = await bench.MeasureAsync(number, size, context.Time, length, context.Stop);
                isWhole &= row.Failures == 0;
                Show(context.Output, row);
            }

            return isWhole ? ExitCode.Ok : ExitCode.Partial;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static int NumberOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        && number is >= 1 and <= ClientsMax
            ? number
            : throw Wrong($"--clients has \"{text}\"", $"write numbers from 1 to {ClientsMax} with commas between");

    private static CommandException Wrong(string why, string next) =>
        new(ExitCode.Usage, "cannot measure that", why, next);

    private static void Show(Output output, ControlBenchRow row)
    {
        output.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{row.Clients,5} clients {row.PutsPerSecond,9:N0} put/s   p50 {row.P50Milliseconds,8:N1} ms")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"   p99 {row.P99Milliseconds,8:N1} ms{(row.Failures > 0 ? "   some failed: does not count" : "")}"));
        output.Object(writer =>
        {
            writer.WriteNumber("clients", row.Clients);
            writer.WriteNumber("sizeBytes", row.SizeBytes);
            writer.WriteNumber("puts", row.Puts);
            writer.WriteNumber("failures", row.Failures);
            writer.WriteNumber("seconds", row.Seconds);
            writer.WriteNumber("putsPerSecond", row.PutsPerSecond);
            writer.WriteNumber("processorMillisecondsPerPut", row.ProcessorMillisecondsPerPut);
            writer.WriteNumber("p50Milliseconds", row.P50Milliseconds);
            writer.WriteNumber("p99Milliseconds", row.P99Milliseconds);
        });
    }
}
