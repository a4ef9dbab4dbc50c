using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;

namespace SigmaComms.ConstantTime.Tests.Valgrind;

/// <summary>One run of the probes under valgrind.</summary>
/// <param name="Output">What the program wrote, a line for each probe.</param>
/// <param name="Findings">What valgrind reported within this project's methods.</param>
internal sealed record ValgrindRun(string Output, IReadOnlyList<Finding> Findings)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(7);

    // The runtime must compile once, fully, and leave code where it is; a small heap keeps valgrind's shadow small.
    private static readonly Dictionary<string, string> Runtime = new()
    {
        ["DOTNET_EnableAVX512"] = "0",
        ["DOTNET_EnableWriteXorExecute"] = "0",
        ["DOTNET_TieredCompilation"] = "0",
        ["DOTNET_GCHeapHardLimit"] = "0x8000000",
        ["DOTNET_gcConcurrent"] = "0",
        ["DOTNET_PerfMapEnabled"] = "1",
        ["DOTNET_EnableDiagnostics"] = "0",
    };

    /// <summary>Runs all probes.</summary>
    /// <param name="settings">Which instructions the runtime may use.</param>
    public static async Task<ValgrindRun> OfAsync(params (string Name, string Value)[] settings)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("sigma-valgrind-");
        try
        {
            string report = Path.Combine(folder.FullName, "report.xml");
            ProcessStartInfo start = new("valgrind")
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            string[] arguments =
            [
                "--leak-check=no", "--smc-check=all-non-file", "--error-limit=no", "--xml=yes", $"--xml-file={report}",
                "dotnet", "exec", typeof(ValgrindRun).Assembly.Location,
            ];
            Array.ForEach(arguments, start.ArgumentList.Add);
            foreach ((string name, string value) in Runtime.Select(pair => (pair.Key, pair.Value)).Concat(settings))
            {
                start.Environment[name] = value;
            }

            start.Environment["DOTNET_PerfMapJitDumpPath"] = folder.FullName;
            return await RunAsync(start, folder, report);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<ValgrindRun> RunAsync(ProcessStartInfo start, DirectoryInfo folder, string report)
    {
        using Process process = Process.Start(start)!;
        using CancellationTokenSource patience = new(Patience);
        Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
        string output = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode}\n{output}\n{await errors}");
        string map = Path.Combine(folder.FullName, $"perf-{process.Id}.map");
        return new ValgrindRun(output, [.. Read(report, new PerfMap(File.ReadLines(map)))]);
    }

    private static IEnumerable<Finding> Read(string report, PerfMap map) => XDocument.Load(report).Root!
        .Elements("error")
        .Where(static error => error.Element("kind")!.Value is "UninitCondition" or "UninitValue")
        .Select(error => new Finding(error.Element("kind")!.Value, [.. FramesOf(error.Element("stack")!, map)]))
        .Where(static finding => finding.Method.Length > 0);

    private static IEnumerable<string> FramesOf(XElement stack, PerfMap map) => stack.Elements("frame")
        .Select(frame => map.Find(ulong.Parse(
            frame.Element("ip")!.Value.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)))
        .OfType<string>();
}
