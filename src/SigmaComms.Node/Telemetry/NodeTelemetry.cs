using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using SigmaComms.Actors.Health;
using SigmaComms.Cluster.Health;
using SigmaComms.Cluster.Telemetry;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Telemetry;

/// <summary>
/// All that tells of a node outside its process: console, local file and, if it is configured, the log server.
/// Disposed in the order in which nothing is lost: loggers, spans and figures, then the sender.
/// </summary>
internal sealed class NodeTelemetry : IAsyncDisposable
{
    private const string OwnLogName = "SigmaComms.Telemetry";
    private static readonly TimeSpan LostLong = TimeSpan.FromMinutes(1);

    private readonly ILoggerFactory _own;
    private readonly OtlpPipeline? _pipeline;
    private readonly SpoolSender? _sender;
    private readonly TelemetryConfiguration _configuration;
    private readonly TimeProvider _time;
    private readonly Lazy<PrometheusMeters> _prometheus = new(static () => new PrometheusMeters());
    private readonly Meter _meter = new(NodeFigures.MeterName);
    private readonly DroppedEvents _dropped;

    private NodeTelemetry(
        ILoggerFactory logs,
        ILoggerFactory own,
        LogFile file,
        OtlpPipeline? pipeline,
        SpoolSender? sender,
        TelemetryConfiguration configuration,
        TimeProvider time)
    {
        Logs = logs;
        _own = own;
        _pipeline = pipeline;
        _sender = sender;
        _configuration = configuration;
        _time = time;
        _dropped = new DroppedEvents(() => pipeline?.EventsDropped ?? 0, () => file.EventsDropped, time);
        _dropped.AddTo(_meter);
        if (sender is not null)
        {
            _meter.CreateObservableCounter(
                "sigma.telemetry.batches.dropped", () => sender.State.Dropped, "{batch}",
                "Batches for the log server that were lost: no room on disk, or refused for good.");
            _meter.CreateObservableUpDownCounter(
                "sigma.telemetry.waiting", () => sender.State.WaitingBytes, "By",
                "What waits on disk for the log server.");
        }
    }

    /// <summary>Makes the node's loggers.</summary>
    public ILoggerFactory Logs { get; }

    /// <summary>How the log server takes it; null if there is none.</summary>
    public SpoolState? State => _sender?.State;

    /// <summary>Opens what is configured.</summary>
    /// <param name="configuration">The node's, environment included.</param>
    /// <param name="folder">Where its files are.</param>
    /// <param name="output">The console.</param>
    /// <param name="environment">Finds a variable's value.</param>
    /// <param name="time">The clock.</param>
    /// <param name="patience">How long the sender waits for what, or null.</param>
    /// <exception cref="CommandException">The configuration cannot be used.</exception>
    public static NodeTelemetry Open(
        NodeConfiguration configuration,
        NodeFolder folder,
        Output output,
        Func<string, string?> environment,
        TimeProvider time,
        SpoolPatience? patience = null)
    {
        TelemetryConfiguration telemetry = configuration.Telemetry;
        LogFile file = new();
        void AddFile(ILoggingBuilder builder)
        {
            if (telemetry.LogFile != LogFileRolling.Off)
            {
                file.AddTo(builder, telemetry, folder.LogFolder, configuration.Name);
            }
        }

        if (telemetry.Seq is not { } server)
        {
            ILoggerFactory local = NodeLog.Create(configuration.LogLevel, output, AddFile);
            return new NodeTelemetry(local, local, file, null, null, telemetry, time);
        }

        string? apiKey = telemetry.ReadApiKey(environment);
        OtlpSpool spool = new(folder.SpoolFolder, (long)telemetry.SpoolMegabytes << 20);

        // What telemetry says of itself must not become telemetry, or an outage would feed itself.
        ILoggerFactory own = NodeLog.Create(configuration.LogLevel, output);
        SpoolSender sender = new(
            spool, server, apiKey, patience ?? SpoolPatience.Usual, time, own.CreateLogger(OwnLogName));
        OtlpPipeline pipeline = new(telemetry, configuration.Name, spool);
        ILoggerFactory logs = NodeLog.Create(configuration.LogLevel, output, builder =>
        {
            AddFile(builder);
            pipeline.AddTo(builder);
        });
        return new NodeTelemetry(logs, own, file, pipeline, sender, telemetry, time);
    }

    /// <summary>The node's figures in Prometheus' text format, gathered since the first call.</summary>
    public ReadOnlyMemory<byte> Scrape() => _prometheus.Value.Scrape();

    /// <summary>The report with what is known about telemetry itself.</summary>
    public HealthReport Complete(HealthReport report)
    {
        HealthReport told = report.With(_dropped.Check());
        return State is { } state ? told.With(CheckOf(state, _configuration, _time.GetUtcNow())) : told;
    }

    /// <summary>Hands the events that wait in memory to the spool.</summary>
    public void Flush() => _pipeline?.Flush();

    /// <summary>What the health report says of the log server.</summary>
    public static HealthCheck CheckOf(SpoolState state, TelemetryConfiguration configuration, DateTimeOffset now)
    {
        TimeSpan age = now - state.Since;
        string detail = FormattableString.Invariant(
            $"{state.Sent} batches sent, {state.WaitingBytes >> 10} KiB wait on disk, {state.Dropped} lost");
        return state.IsReachable || age <= LostLong
            ? new HealthCheck("telemetry", "ok", Verdict.Healthy, age, detail, null)
            : new HealthCheck(
                "telemetry", "server_lost", Verdict.Degraded, age, $"{detail}; {state.LastError}",
                FormattableString.Invariant(
                    $"{state.WaitingBytes >> 20} of {configuration.SpoolMegabytes} MiB wait (telemetry.spoolMegabytes)")
                    + $": start {configuration.Seq}, or mend the way to it");
    }

    /// <summary>Flushes; what the server does not take now stays on disk for the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        Logs.Dispose();
        _pipeline?.Dispose();
        if (_prometheus.IsValueCreated)
        {
            _prometheus.Value.Dispose();
        }

        if (_sender is not null)
        {
            await _sender.DisposeAsync();
        }

        _meter.Dispose();
        _own.Dispose();
    }
}
