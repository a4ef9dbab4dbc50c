using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SigmaComms.Node.Benches;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma bench crypto.</summary>
internal sealed class BenchCryptoCommand : Verb
{
    private readonly Option<double> _seconds = new("--seconds")
    {
        HelpName = "N",
        Description = "CPU time for each operation; default 1",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<string?> _only = new("--only")
    {
        HelpName = "TEXT",
        Description = "Only algorithms whose name has this text",
    };

    public BenchCryptoCommand()
        : base(
            "crypto",
            "Counts operations for each second of CPU time, on one thread.",
            "sigma bench crypto --only ML-KEM",
            "sigma bench crypto --json --seconds 3")
    {
        Add(_seconds);
        Add(_only);
        Runs(RunAsync);
    }

    private static string Vectors => Vector512.IsHardwareAccelerated ? "512 bits"
        : Vector256.IsHardwareAccelerated ? "256 bits"
        : Vector128.IsHardwareAccelerated ? "128 bits"
        : "none";

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        double seconds = context.Arguments.GetValue(_seconds);
        if (seconds is not (> 0 and <= 3600))
        {
            throw new CommandException(
                ExitCode.Usage, "cannot measure", "--seconds is above 0 and at most 3600", "leave it out for 1 second");
        }

        CryptoOperation[] operations = [.. CryptoOperations.All.Where(operation => operation.Algorithm.Contains(
            context.Arguments.GetValue(_only) ?? "", StringComparison.OrdinalIgnoreCase))];
        if (operations.Length == 0)
        {
            throw new CommandException(
                ExitCode.NotFound, "nothing to measure", "no algorithm has this name", "leave --only out to see all");
        }

        context.Output.Note(
            $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.ProcessArchitecture}, "
            + $"vectors of {Vectors}; {seconds} s each");
        foreach (CryptoOperation operation in operations)
        {
            Show(context.Output, CryptoBench.Measure(operation, TimeSpan.FromSeconds(seconds), context.Stop));
        }

        return Task.FromResult(ExitCode.Ok);
    }

    private static void Show(Output output, CryptoResult result)
    {
        CryptoOperation operation = result.Operation;
        string throughput = operation.Bytes == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture, $" {result.PerSecond * operation.Bytes / 1e6,10:N0} MB/s");
        output.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{operation.Algorithm,-28} {operation.Name,-12} {result.PerSecond,12:N1}/s{throughput}"));
        output.Object(writer =>
        {
            writer.WriteString("algorithm", operation.Algorithm);
            writer.WriteString("operation", operation.Name);
            writer.WriteNumber("perCpuSecond", result.PerSecond);
            writer.WriteNumber("bytes", operation.Bytes);
            writer.WriteNumber("count", result.Count);
            writer.WriteNumber("cpuSeconds", result.CpuTime.TotalSeconds);
            writer.WriteString("vectors", Vectors);
        });
    }
}
