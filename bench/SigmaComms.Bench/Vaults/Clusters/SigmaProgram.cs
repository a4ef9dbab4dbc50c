using System.Diagnostics;
using SigmaComms.Bench.Clusters;

namespace SigmaComms.Bench.Vaults.Clusters;

/// <summary>Runs the published sigma as somebody types it.</summary>
internal static class SigmaProgram
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs it to its end.</summary>
    /// <param name="home">The data folder.</param>
    /// <param name="arguments">What is typed.</param>
    /// <param name="ct">Kills it.</param>
    public static async Task<SigmaRun> RunAsync(string home, IEnumerable<string> arguments, CancellationToken ct)
    {
        ProcessStartInfo start = new(NodeProcess.Sigma, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SIGMA_HOME"] = home;
        start.Environment["SIGMA_PASSWORD"] = "correct horse";
        long started = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        await using CancellationTokenRegistration end = ct.Register(process.Kill);
        process.StandardInput.Close();
        Task<string> data = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> notes = process.StandardError.ReadToEndAsync(CancellationToken.None);
        Task ended = process.WaitForExitAsync(CancellationToken.None);
        double peak = 0;
        while (await Task.WhenAny(ended, Task.Delay(LookInterval, CancellationToken.None)) != ended)
        {
            peak = Math.Max(peak, ProcessMemory.PeakMebibytes(process.Id) ?? 0);
        }

        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        ct.ThrowIfCancellationRequested();
        return new SigmaRun(process.ExitCode, await data, await notes, seconds, peak);
    }

    /// <summary>Runs it to its end, which must be a good one.</summary>
    /// <param name="home">The data folder.</param>
    /// <param name="arguments">What is typed.</param>
    /// <param name="ct">Kills it.</param>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<SigmaRun> SucceedAsync(
        string home, IReadOnlyCollection<string> arguments, CancellationToken ct)
    {
        SigmaRun run = await RunAsync(home, arguments, ct);
        return run.ExitCode == 0 ? run : throw new InvalidOperationException(
            $"sigma {string.Join(' ', arguments)} ended with {run.ExitCode}: {run.Data}\n{run.Notes}");
    }
}
