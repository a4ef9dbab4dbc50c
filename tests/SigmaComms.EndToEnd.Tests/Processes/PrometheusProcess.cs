using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SigmaComms.EndToEnd.Tests.Processes;

/// <summary>Debian's Prometheus on loopback, with a folder of its own; it ends with the test.</summary>
internal sealed class PrometheusProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly string? Programs = Find();

    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly HttpClient _client;

    private PrometheusProcess(Process process, int port)
    {
        _process = process;
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    /// <summary>Why there is none here, or null.</summary>
    public static string? WhyNot => Programs is null
        ? "prometheus and promtool are neither in PATH nor in artifacts/tools/prometheus (tests/tools/prometheus.sh)"
        : null;

    /// <summary>Starts one that scrapes one target every second.</summary>
    /// <param name="folder">For its configuration and its data.</param>
    /// <param name="port">Where it answers.</param>
    /// <param name="target">The port of the target on loopback.</param>
    /// <param name="token">What it shows there.</param>
    public static async Task<PrometheusProcess> StartAsync(string folder, int port, int target, string token)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "token"), token);
        string configuration = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(configuration, string.Create(CultureInfo.InvariantCulture, $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s }
            scrape_configs:
              - job_name: sigma
                authorization: { credentials_file: token }
                static_configs: [ { targets: [ "127.0.0.1:{{target}}" ] } ]
            """));
        ProcessStartInfo start = new(Path.Combine(Programs!, "prometheus"))
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.ArgumentList.Add($"--config.file={configuration}");
        start.ArgumentList.Add($"--storage.tsdb.path={Path.Combine(folder, "data")}");
        start.ArgumentList.Add($"--web.listen-address=127.0.0.1:{port}");
        return new PrometheusProcess(Process.Start(start)!, port);
    }

    /// <summary>What promtool finds wrong with a text of figures; empty if nothing.</summary>
    public static async Task<(int ExitCode, string Findings)> CheckAsync(string metrics)
    {
        ProcessStartInfo start = new(Path.Combine(Programs!, "promtool"))
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.ArgumentList.Add("check");
        start.ArgumentList.Add("metrics");
        using Process tool = Process.Start(start)!;
        using CancellationTokenSource limit = new(Limit);
        Task<string> data = tool.StandardOutput.ReadToEndAsync(limit.Token);
        Task<string> notes = tool.StandardError.ReadToEndAsync(limit.Token);
        await tool.StandardInput.WriteAsync(metrics);
        tool.StandardInput.Close();
        await tool.WaitForExitAsync(limit.Token);
        return (tool.ExitCode, await data + await notes);
    }

    /// <summary>Asks until an answer fits.</summary>
    /// <param name="path">Below /api/v1.</param>
    /// <param name="fits">Looks at "data" of the answer.</param>
    public async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> fits)
    {
        long start = TimeProvider.System.GetTimestamp();
        string last = "";
        while (TimeProvider.System.GetElapsedTime(start) < Limit && !_process.HasExited)
        {
            try
            {
                last = await _client.GetStringAsync($"/api/v1/{path}");
                JsonElement data = JsonElement.Parse(last).GetProperty("data");
                if (fits(data))
                {
                    return data;
                }
            }
            catch (HttpRequestException notYet)
            {
                last = notYet.Message;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        throw new TimeoutException($"{path} did not come to fit: {last}\n{Log}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _client.Dispose();
        _process.Dispose();
    }

    private string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    private void Note(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
        }
    }

    private static string? Find()
    {
        List<string> folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')];
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "SigmaComms.sln")))
        {
            root = root.Parent;
        }

        if (root is not null)
        {
            folders.Add(Path.Combine(root.FullName, "artifacts", "tools", "prometheus", "usr", "bin"));
        }

        return folders.Find(static folder =>
            File.Exists(Path.Combine(folder, "prometheus")) && File.Exists(Path.Combine(folder, "promtool")));
    }
}
