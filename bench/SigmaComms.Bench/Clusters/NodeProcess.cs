using System.Diagnostics;
using System.Globalization;

namespace SigmaComms.Bench.Clusters;

/// <summary>One node, run by the published sigma in a process of its own.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly long _started = Stopwatch.GetTimestamp();

    private readonly Task<string> _log;

    private NodeProcess(Process process)
    {
        _process = process;
        _log = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Where the published sigma is; build.sh tells.</summary>
    public static string Sigma { get; } = Environment.GetEnvironmentVariable("SIGMA_EXECUTABLE")
        ?? throw new InvalidOperationException("SIGMA_EXECUTABLE must name a sigma; ./build.sh bench sets it.");

    /// <summary>Resident memory in MB, of 10^6 bytes.</summary>
    public double ResidentMegabytes
    {
        get
        {
            string line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS:"));
            string kibibytes = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
            return double.Parse(kibibytes, CultureInfo.InvariantCulture) * 1024 / 1e6;
        }
    }

    /// <summary>CPU time so far.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts the process.</summary>
    public static NodeProcess Start(string home, string node)
    {
        ProcessStartInfo start = new(Sigma, ["node", "run", node, "--home", home, "--json", "--quiet"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new NodeProcess(Process.Start(start)!);
    }

    /// <summary>Waits until it takes part in the cluster.</summary>
    /// <returns>The time since the process was started.</returns>
    public async Task<TimeSpan> ReadyAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is string line)
        {
            if (line.Contains("\"ready\"", StringComparison.Ordinal))
            {
                return Stopwatch.GetElapsedTime(_started);
            }
        }

        throw new InvalidOperationException($"A node ended before it was ready: {await _log}");
    }

    public async ValueTask DisposeAsync()
    {
        using (Process terminate = Process.Start("kill", [_process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await terminate.WaitForExitAsync();
        }

        await _process.WaitForExitAsync().WaitAsync(Patience);
        await _log;
        _process.Dispose();
    }
}
