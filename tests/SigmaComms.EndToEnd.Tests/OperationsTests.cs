using System.Globalization;
using System.Net;
using System.Text.Json;
using SigmaComms.EndToEnd.Tests.Clusters;
using SigmaComms.EndToEnd.Tests.Processes;
using SigmaComms.OtlpSink;

namespace SigmaComms.EndToEnd.Tests;

/// <summary>A cluster of one real node with a log server, asked as its operators ask.</summary>
[Collection(ClusterCollection.Name)]
public sealed class OperationsTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("sigma-e2e-").FullName;
    private readonly int[] _ports = FreePorts.Take(2);
    private SeqSink _sink = null!;

    private string Home => Path.Combine(_folder, "home");

    public async Task InitializeAsync()
    {
        _sink = await SeqSink.StartAsync("the-key");
        string plan = Path.Combine(_folder, "plan.json");
        await File.WriteAllTextAsync(plan, string.Create(CultureInfo.InvariantCulture, $$"""
            { "version": 1, "name": "alone", "nodes": [ { "name": "n1", "listen": "127.0.0.1:{{_ports[0]}}",
              "operations": { "listen": "127.0.0.1:{{_ports[1]}}" } } ] }
            """));
        Dictionary<string, string> environment = new()
        {
            ["SIGMA_SEQ_URL"] = _sink.Url.ToString(), ["SIGMA_SEQ_API_KEY"] = "the-key",
        };
        await using SigmaProcess up = SigmaProcess.Start(Home, environment, "cluster", "up", "--config", plan);
        up.CloseInput();
        Finished finished = await up.WaitAsync();
        Assert.True(finished.ExitCode == 0, finished.ToString());
    }

    public async Task DisposeAsync()
    {
        await SigmaProcess.RunAsync(Home, "cluster", "down");
        await _sink.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_real_node_is_seen_by_HTTP_by_sigma_status_in_its_log_file_and_in_the_log_server()
    {
        using HttpClient client = new()
        {
            BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_ports[1]}")),
        };

        using HttpResponseMessage ready = await client.GetAsync("/health/ready");
        JsonElement health = JsonElement.Parse(await client.GetStringAsync("/api/health"));
        JsonElement actors = JsonElement.Parse(await client.GetStringAsync("/api/actors"));
        string metrics = await client.GetStringAsync("/metrics");
        Finished status = await SigmaProcess.RunAsync(Home, "status", "--tree");
        Finished json = await SigmaProcess.RunAsync(Home, "status", "n1", "--json");
        await ArrivesAsync(entry => entry["ActorPath"] == "/user/node/transport" && entry["Event"] == "910");

        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal("n1", health.GetProperty("node").GetString());
        Assert.Equal("/user/node", actors.GetProperty("actors")[0].GetProperty("path").GetString());
        Assert.Contains("sigma_actors{type=\"TelemetryActor\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.True(status.ExitCode is 0 or 7, status.ToString());
        Assert.Contains("─ telemetry  running", status.Data, StringComparison.Ordinal);
        Assert.Equal("n1", JsonElement.Parse(json.Data).GetProperty("nodes")[0].GetProperty("name").GetString());
        SinkEvent told = _sink.Events.First(entry => entry["ActorPath"] == "/user/node/transport");
        Assert.Equal(("n1", "TransportActor", "System"), (told["Node"], told["ActorType"], told["Category"]));
        Assert.Contains(
            LogLines(), line => line.Contains("\"ActorPath\":\"/user/node/transport\"", StringComparison.Ordinal));
    }

    private IEnumerable<string> LogLines() =>
        Directory.GetFiles(Path.Combine(Home, "nodes", "n1", "logs")).SelectMany(File.ReadLines);

    private async Task ArrivesAsync(Func<SinkEvent, bool> fits)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!_sink.Events.Any(fits))
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(start) < Limit,
                $"{_sink.Requests} requests, {_sink.Refused} refused, {_sink.Events.Count} events:\n"
                    + string.Join('\n', _sink.Events) + "\n"
                    + await File.ReadAllTextAsync(Path.Combine(Home, "nodes", "n1", "node.log")));
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }
}
