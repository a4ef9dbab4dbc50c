using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SigmaComms.Cluster.Telemetry;
using SigmaComms.Node.Configuration;

namespace SigmaComms.Node.Telemetry;

/// <summary>
/// OpenTelemetry to the spool. Nothing here is loaded by a node that has no server configured.
/// </summary>
internal sealed class OtlpPipeline : IDisposable
{
    private const int LogQueueMax = 16_384;
    private const int LogDelayMilliseconds = 1_000;
    private const int MetricsMilliseconds = 60_000;

    private readonly OtlpSpool _spool;
    private readonly ResourceBuilder _resource;
    private readonly string _node;
    private readonly TracerProvider? _traces;
    private readonly MeterProvider _metrics;
    private BatchLogRecordExportProcessor? _logQueue;

    /// <summary>Begins to gather spans and figures.</summary>
    /// <param name="configuration">What and how much.</param>
    /// <param name="node">The node's name.</param>
    /// <param name="spool">Where to.</param>
    public OtlpPipeline(TelemetryConfiguration configuration, string node, OtlpSpool spool)
    {
        _spool = spool;
        _node = node;
        string version = Assembly.GetExecutingAssembly()
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
        _resource = ResourceBuilder.CreateEmpty()
            .AddService("sigma", "SigmaComms", version, autoGenerateServiceInstanceId: false, serviceInstanceId: node);
        if (configuration.TracesPercent > 0)
        {
            _traces = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(_resource)
                .AddSource(NodeActivity.SourceName)
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(configuration.TracesPercent / 100.0)))
                .AddOtlpExporter(exporter => Lead(exporter, OtlpSignal.Traces))
                .Build();
        }

        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(_resource)
            .AddMeter(NodeFigures.MeterName)
            .AddOtlpExporter((exporter, reader) =>
            {
                Lead(exporter, OtlpSignal.Metrics);
                reader.TemporalityPreference = MetricReaderTemporalityPreference.Delta;
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = MetricsMilliseconds;
            })
            .Build();
    }

    /// <summary>Events that found no place in memory since the start.</summary>
    public long EventsDropped => _logQueue is { } queue ? Queue<LogRecord>.Dropped(queue) : 0;

    /// <summary>Lets a logger factory send its events here too; they are flushed when it is disposed.</summary>
    public void AddTo(ILoggingBuilder builder) => builder.AddOpenTelemetry(options =>
    {
        options.IncludeFormattedMessage = true;
        options.SetResourceBuilder(_resource);
        options.AddProcessor(new EventProcessor(_node));
        OtlpExporterOptions exporter = new();
        Lead(exporter, OtlpSignal.Logs);
        _logQueue = new BatchLogRecordExportProcessor(
            new OtlpLogExporter(exporter), LogQueueMax, LogDelayMilliseconds);
        options.AddProcessor(_logQueue);
    });

    /// <summary>Hands the events that wait in memory to the spool.</summary>
    public void Flush() => _logQueue?.ForceFlush(LogDelayMilliseconds * 30);

    /// <summary>Takes the last figures and spans.</summary>
    public void Dispose()
    {
        _traces?.Dispose();
        _metrics.Dispose();
    }

    // The address is never dialled: the handler stands in its place.
    private void Lead(OtlpExporterOptions exporter, OtlpSignal signal)
    {
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = new Uri("http://127.0.0.1:1/");
        exporter.HttpClientFactory = () => new HttpClient(new SpoolingHandler(_spool, signal));
    }

    // The library counts what it drops, and tells it only when it ends; the pinned version has the number inside.
    private static class Queue<T>
        where T : class
    {
        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_DroppedCount")]
        public static extern long Dropped(BatchExportProcessor<T> queue);
    }
}
