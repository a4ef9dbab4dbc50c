using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using SigmaComms.EndToEnd.Tests.Clusters;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests;

/// <summary>A real Prometheus scrapes a real node that wants a token.</summary>
[Collection(ClusterCollection.Name)]
public sealed class PrometheusTests : IAsyncLifetime
{
    private const string Token = "a-token-of-operators";

    private readonly string _folder = Directory.CreateTempSubdirectory("sigma-e2e-").FullName;
    private readonly int[] _ports = FreePorts.Take(3);

    private string Home => Path.Combine(_folder, "home");

    public async Task InitializeAsync()
    {
        if (PrometheusProcess.WhyNot is not null)
        {
            return;
        }

        string plan = Path.Combine(_folder, "plan.json");
        await File.WriteAllTextAsync(plan, string.Create(CultureInfo.InvariantCulture, $$"""
            { "version": 1, "name": "alone", "nodes": [ { "name": "n1", "listen": "127.0.0.1:{{_ports[0]}}",
              "operations": { "listen": "127.0.0.1:{{_ports[1]}}" } } ] }
            """));
        Dictionary<string, string> environment = new() { ["SIGMA_OPERATIONS_TOKEN"] = Token };
        await using SigmaProcess up = SigmaProcess.Start(Home, environment, "cluster", "up", "--config", plan);
        up.CloseInput();
        Finished finished = await up.WaitAsync();
        Assert.True(finished.ExitCode == 0, finished.ToString());
    }

    public async Task DisposeAsync()
    {
        if (PrometheusProcess.WhyNot is null)
        {
            await SigmaProcess.RunAsync(Home, "cluster", "down");
        }

        Directory.Delete(_folder, recursive: true);
    }

    [PrometheusFact]
    public async Task A_real_Prometheus_takes_the_figures_of_a_real_node_and_finds_nothing_wrong_with_them()
    {
        await using PrometheusProcess prometheus =
            await PrometheusProcess.StartAsync(Path.Combine(_folder, "prometheus"), _ports[2], _ports[1], Token);
        using HttpClient client = new();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);

        JsonElement targets = await prometheus.UntilAsync("targets", static data =>
            data.GetProperty("activeTargets") is var active && active.GetArrayLength() == 1
            && active[0].GetProperty("health").GetString() == "up");
        JsonElement actors = await prometheus.UntilAsync(
            "query?query=sum(sigma_actors)", static data => ValueOf(data) >= 5);
        JsonElement up = await prometheus.UntilAsync("query?query=up", static data => ValueOf(data) == 1);
        string metrics = await client.GetStringAsync($"http://127.0.0.1:{_ports[1]}/metrics");
        (int exitCode, string findings) = await PrometheusProcess.CheckAsync(metrics);

        Assert.Equal("", targets.GetProperty("activeTargets")[0].GetProperty("lastError").GetString());
        Assert.Equal("vector", actors.GetProperty("resultType").GetString());
        Assert.Equal("sigma", up.GetProperty("result")[0].GetProperty("metric").GetProperty("job").GetString());
        Assert.Contains("sigma_", metrics, StringComparison.Ordinal);
        Assert.Equal((0, ""), (exitCode, findings));
    }

    private static double? ValueOf(JsonElement data) =>
        data.GetProperty("result") is var result && result.GetArrayLength() == 1
            ? double.Parse(result[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture)
            : null;
}
