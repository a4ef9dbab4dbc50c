using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using SigmaComms.EndToEnd.Tests.Processes;
using SigmaComms.OtlpSink;
using SigmaComms.Persistence.PostgreSql;
using SigmaComms.Persistence.Tests.PostgreSql;

namespace SigmaComms.EndToEnd.Tests.Clusters;

/// <summary>
/// Four real nodes that answer their operators and send their events to a log server; the third one's journal is on a
/// database server of the cluster's own. Failures count for 20 s.
/// </summary>
public sealed class ObservedCluster : RunningCluster
{
    private const string Key = "the-key";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly int[] _operations = FreePorts.Take(4);
    private readonly HttpClient _http = new();
    private readonly PostgreSqlServer _server = new();
    private SeqSink? _sink;

    /// <summary>The node on the database server.</summary>
    internal const string OnServer = "n3";

    internal PostgreSqlServer Server => _server;

    private SeqSink Sink => _sink ?? throw new InvalidOperationException("the log server has not started");

    private protected override IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>
    {
        ["SIGMA_SEQ_URL"] = Sink.Url.ToString(),
        ["SIGMA_SEQ_API_KEY"] = Key,
        ["SIGMA_HEALTH_WINDOW_SECONDS"] = "20",
    };

    public override async Task InitializeAsync()
    {
        _sink = await SeqSink.StartAsync(Key);
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Sink.DisposeAsync();
        _server.Dispose();
        _http.Dispose();
    }

    /// <summary>The first event at the log server that fits.</summary>
    /// <param name="node">Who told it.</param>
    /// <param name="number">Which kind it is of.</param>
    /// <param name="fits">What is waited for.</param>
    /// <param name="before">What is done before each look; null for nothing.</param>
    internal async Task<SinkEvent> EventAsync(
        string node, int number, Func<SinkEvent, bool> fits, Func<Task>? before = null)
    {
        string id = number.ToString(CultureInfo.InvariantCulture);
        SinkEvent? found = null;
        await UntilAsync(
            async () =>
            {
                await (before?.Invoke() ?? Task.CompletedTask);
                found = Sink.Events.FirstOrDefault(
                    entry => entry["Event"] == id && entry["Node"] == node && fits(entry));
                return found is not null;
            },
            () => $"no event {id} of {node}:\n" + string.Join('\n', Sink.Events.Select(entry => entry.Text)));
        return found!;
    }

    /// <summary>The health of a node as soon as it fits.</summary>
    /// <param name="node">Which one.</param>
    /// <param name="fits">What is waited for.</param>
    /// <param name="before">What is done before each look; null for nothing.</param>
    internal async Task<JsonElement> HealthAsync(
        string node, Func<JsonElement, bool> fits, Func<Task>? before = null)
    {
        JsonElement health = default;
        await UntilAsync(
            async () =>
            {
                await (before?.Invoke() ?? Task.CompletedTask);
                return fits(health = await AskAsync(node, "/api/health"));
            },
            () => $"the health of {node}: {health}");
        return health;
    }

    /// <summary>Whether the node on the server keeps a copy of an account's mailbox.</summary>
    internal async Task<bool> KeepsMailboxAsync(Account account)
    {
        string shown = (await account.SucceedAsync("identity", "show", "--json")).Data;
        string device = JsonElement.Parse(shown).GetProperty("device").GetString()!;
        await using PostgreSqlStore store = await OpenStoreAsync();
        await foreach (string mailbox in store.PersistenceIdsAsync("mailbox/", CancellationToken.None))
        {
            if (mailbox.Contains(device, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes over the mailboxes of the node on the server as a second process with its journal does.</summary>
    internal async Task TakeMailboxesAsync()
    {
        await using PostgreSqlStore store = await OpenStoreAsync();
        await foreach (string mailbox in store.PersistenceIdsAsync("mailbox/", CancellationToken.None))
        {
            await store.AcquireEpochAsync(mailbox, CancellationToken.None);
        }
    }

    private async Task<PostgreSqlStore> OpenStoreAsync()
    {
        PostgreSqlStoreOptions options = _server.NewSchema();
        options.Schema = OnServer;
        return await _server.OpenAsync(options);
    }

    private protected override string MoreOf(int index) => string.Create(
        CultureInfo.InvariantCulture, $", \"operations\": {{ \"listen\": \"127.0.0.1:{_operations[index]}\" }}");

    private protected override async Task PrepareAsync()
    {
        await SigmaProcess.SucceedAsync(Home, "cluster", "init", "--config", Plan);
        string file = Path.Combine(NodeFolder(OnServer), "node.json");
        JsonNode configuration = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        configuration["store"] = new JsonObject
        {
            ["kind"] = "postgresql", ["connection"] = _server.ConnectionString, ["schema"] = OnServer,
        };
        await File.WriteAllTextAsync(file, configuration.ToJsonString());
    }

    private async Task<JsonElement> AskAsync(string node, string path)
    {
        int port = _operations[node[^1] - '1'];
        Uri uri = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}{path}"));
        return await _http.GetFromJsonAsync<JsonElement>(uri);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, Func<string> otherwise)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Limit, otherwise());
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }
}
