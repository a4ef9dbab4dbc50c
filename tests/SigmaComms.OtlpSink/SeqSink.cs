using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.OtlpSink.Protocol;

namespace SigmaComms.OtlpSink;

/// <summary>
/// Takes OTLP over HTTP where Seq does, keeps signals and the like where Seq does, checks the API key as Seq does, and
/// misbehaves when told to. What it took outlives a stop and a new start.
/// </summary>
public sealed class SeqSink : IAsyncDisposable
{
    private readonly string? _apiKey;
    private readonly ConcurrentQueue<SinkEvent> _events = new();
    private readonly ConcurrentQueue<SinkMetric> _metrics = new();
    private readonly ConcurrentQueue<string> _spans = new();
    private WebApplication? _app;
    private volatile SinkFault _fault;
    private int _port;
    private int _requests;
    private int _refused;

    private SeqSink(string? apiKey) => _apiKey = apiKey;

    /// <summary>Where it is.</summary>
    public Uri Url => new($"http://127.0.0.1:{_port}");

    /// <summary>How it misbehaves from now on.</summary>
    public SinkFault Fault
    {
        get => _fault;
        set => _fault = value;
    }

    /// <summary>All requests so far.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Requests without the right key.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>The log events in the order they came.</summary>
    public IReadOnlyList<SinkEvent> Events => [.. _events];

    /// <summary>The figures in the order they came.</summary>
    public IReadOnlyList<SinkMetric> Metrics => [.. _metrics];

    /// <summary>The names of the spans.</summary>
    public IReadOnlyList<string> Spans => [.. _spans];

    /// <summary>Signals, dashboards and the like that were made here.</summary>
    public SeqEntities Entities { get; } = new();

    /// <summary>Starts one on a free port of loopback.</summary>
    public static async Task<SeqSink> StartAsync(string? apiKey = null)
    {
        SeqSink sink = new(apiKey);
        await sink.StartAsync();
        return sink;
    }

    /// <summary>Starts again on the port it had.</summary>
    public async Task StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, _port));
        _app = builder.Build();
        _app.Run(HandleAsync);
        await _app.StartAsync();
        _port = new Uri(_app.Urls.First()).Port;
    }

    /// <summary>Stops: connections are refused until it is started again.</summary>
    public async Task StopAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            using CancellationTokenSource now = new();
            await now.CancelAsync();
            await app.StopAsync(now.Token);
            await app.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task HandleAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        if (context.Request.Path == "/health" && HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.WriteAsync("{\"status\":\"The Seq node is in service.\"}");
            return;
        }

        if (_apiKey is not null && context.Request.Headers["X-Seq-ApiKey"] != _apiKey)
        {
            Interlocked.Increment(ref _refused);
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (await FaultOfAsync(context) is { } fault)
        {
            context.Response.StatusCode = fault;
        }
        else if (context.Request.Path.StartsWithSegments("/api"))
        {
            await Entities.AnswerAsync(context, body.ToArray());
        }
        else
        {
            context.Response.StatusCode = context.Request.ContentType == "application/x-protobuf"
                ? Take(context.Request.Path, body.ToArray())
                : StatusCodes.Status415UnsupportedMediaType;
        }
    }

    private async Task<int?> FaultOfAsync(HttpContext context)
    {
        switch (_fault)
        {
            case SinkFault.Unavailable:
                return StatusCodes.Status503ServiceUnavailable;
            case SinkFault.Broken:
                return StatusCodes.Status500InternalServerError;
            case SinkFault.Refuses:
                return StatusCodes.Status400BadRequest;
            case SinkFault.Hangs:
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted)
                    .ContinueWith(static _ => { }, TaskScheduler.Default);
                return StatusCodes.Status408RequestTimeout;
            default:
                return null;
        }
    }

    private int Take(string path, byte[] body)
    {
        try
        {
            switch (path)
            {
                case "/ingest/otlp/v1/logs":
                    TakeLogs(LogsRequest.Parser.ParseFrom(body));
                    return StatusCodes.Status200OK;
                case "/ingest/otlp/v1/traces":
                    TakeTraces(TracesRequest.Parser.ParseFrom(body));
                    return StatusCodes.Status200OK;
                case "/ingest/otlp/v1/metrics" when _fault != SinkFault.TakesNoFigures:
                    TakeMetrics(MetricsRequest.Parser.ParseFrom(body));
                    return StatusCodes.Status200OK;
                default:
                    return StatusCodes.Status404NotFound;
            }
        }
        catch (InvalidProtocolBufferException)
        {
            return StatusCodes.Status400BadRequest;
        }
    }

    private void TakeLogs(LogsRequest request)
    {
        foreach (ResourceLogs from in request.ResourceLogs)
        {
            Dictionary<string, string> resource = Fields(from.Resource?.Attributes ?? []);
            foreach (LogRecord record in from.ScopeLogs.SelectMany(scope => scope.LogRecords))
            {
                _events.Enqueue(new SinkEvent(
                    record.SeverityNumber, Text(record.Body), Fields(record.Attributes), resource));
            }
        }
    }

    private void TakeTraces(TracesRequest request)
    {
        foreach (Span span in request.ResourceSpans.SelectMany(from => from.ScopeSpans)
            .SelectMany(scope => scope.Spans))
        {
            _spans.Enqueue(span.Name);
        }
    }

    private void TakeMetrics(MetricsRequest request)
    {
        foreach (Metric metric in request.ResourceMetrics.SelectMany(from => from.ScopeMetrics)
            .SelectMany(scope => scope.Metrics))
        {
            _metrics.Enqueue(metric.DataCase switch
            {
                Metric.DataOneofCase.Sum => new SinkMetric(
                    metric.Name, metric.Unit, metric.Sum.AggregationTemporality == 1,
                    metric.Sum.DataPoints.Sum(Value), []),
                Metric.DataOneofCase.Histogram => new SinkMetric(
                    metric.Name, metric.Unit, metric.Histogram.AggregationTemporality == 1,
                    metric.Histogram.DataPoints.Sum(point => (double)point.Count),
                    [.. metric.Histogram.DataPoints.FirstOrDefault()?.ExplicitBounds ?? []]),
                _ => new SinkMetric(
                    metric.Name, metric.Unit, IsDelta: false, metric.Gauge?.DataPoints.Sum(Value) ?? 0, []),
            });
        }
    }

    private static double Value(NumberPoint point) =>
        point.ValueCase == NumberPoint.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble;

    private static Dictionary<string, string> Fields(IEnumerable<KeyValue> attributes)
    {
        Dictionary<string, string> fields = [];
        foreach (KeyValue attribute in attributes)
        {
            fields[attribute.Key] = Text(attribute.Value);
        }

        return fields;
    }

    private static string Text(AnyValue? value) => value?.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        AnyValue.ValueOneofCase.IntValue => FormattableString.Invariant($"{value.IntValue}"),
        AnyValue.ValueOneofCase.DoubleValue => FormattableString.Invariant($"{value.DoubleValue}"),
        _ => value?.ToString() ?? "",
    };
}
