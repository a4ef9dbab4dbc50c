using Microsoft.Extensions.Logging;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Telemetry;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Tests.Configuration;

namespace SigmaComms.Node.Tests.Telemetry;

/// <summary>The telemetry of a node without the node: it can be ended and begun again over the same folder.</summary>
internal sealed class ObservedNode : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly string? _apiKey;
    private NodeTelemetry? _telemetry;

    public ObservedNode(string? apiKey = null) => _apiKey = apiKey;

    public NodeFolder Folder => new(_folder["n1"]);

    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(60);

    public TelemetryConfiguration Configuration { get; set; } = new();

    public NodeTelemetry Telemetry => _telemetry!;

    public ILogger Logger => Telemetry.Logs.CreateLogger("SigmaComms.Cluster");

    public void Begin(string? apiKey = null) => _telemetry = NodeTelemetry.Open(
        new NodeConfiguration(
            "n1", new NodeEndpoint("127.0.0.1", 1), new NodeEndpoint("127.0.0.1", 1), [], LogLevel.Information)
        {
            Telemetry = Configuration,
        },
        Folder,
        new Output(TextWriter.Null, TextWriter.Null) { Quiet = true },
        name => name == TelemetryConfiguration.ApiKeyVariable ? apiKey ?? _apiKey : null,
        TimeProvider.System,
        new SpoolPatience(
            AnswerTimeout, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30)));

    public async Task EndAsync()
    {
        if (_telemetry is not null)
        {
            await _telemetry.DisposeAsync();
            _telemetry = null;
        }
    }

    /// <summary>Waits for what another thread does.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        using CancellationTokenSource limit = new(Limit);
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _folder.Dispose();
    }
}
