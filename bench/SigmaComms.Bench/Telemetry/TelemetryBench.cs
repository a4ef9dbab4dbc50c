using System.Diagnostics;
using SigmaComms.Bench.Clusters;

namespace SigmaComms.Bench.Telemetry;

/// <summary>What a log event costs, measured by the published program itself.</summary>
internal static class TelemetryBench
{
    public static async Task Run()
    {
        ProcessStartInfo start = new(NodeProcess.Sigma);
        start.ArgumentList.Add("bench");
        start.ArgumentList.Add("telemetry");
        using Process process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"sigma bench telemetry ended with {process.ExitCode}.");
        }
    }
}
