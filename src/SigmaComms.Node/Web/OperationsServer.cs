using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Actors.Health;
using SigmaComms.Cluster.Health;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Control;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Web;

/// <summary>
/// HTTP for the operators of one node: is it alive, is it ready, how is it, what do its actors do, its figures. Only
/// reads.
/// </summary>
internal sealed class OperationsServer : IAsyncDisposable
{
    /// <summary>Answers 200 as long as the process lives.</summary>
    public const string LivePath = "/health/live";

    /// <summary>How the node stands in the control log.</summary>
    public const string ControlPath = "/api/control";

    /// <summary>Who belongs to the cluster, as the control log says.</summary>
    public const string MembersPath = "/api/control/members";

    private const int ConnectionsMax = 256;
    private const int ConnectionsPerAddressMax = 16;
    private const int ChildrenDefault = 100;
    private const int ChildrenMax = 100_000;

    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    private readonly WebApplication _app;
    private readonly OperatorGate _gate;
    private readonly ObservedByOperators _node;
    private readonly ILogger _logger;

    private OperationsServer(WebApplication app, OperatorGate gate, ObservedByOperators node, ILogger logger)
    {
        _app = app;
        _gate = gate;
        _node = node;
        _logger = logger;
    }

    /// <summary>Begins to answer.</summary>
    /// <param name="listen">An IP address of this machine, or localhost.</param>
    /// <param name="token">What must be shown; null for nothing.</param>
    /// <param name="node">What is asked about.</param>
    /// <param name="logger">Told what went wrong.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="CommandException">It cannot listen there.</exception>
    public static async Task<OperationsServer> StartAsync(
        NodeEndpoint listen, string? token, ObservedByOperators node, ILogger logger, CancellationToken ct)
    {
        IPAddress? address = listen.Host == "localhost" ? IPAddress.Loopback : null;
        if (address is null && !IPAddress.TryParse(listen.Host, out address))
        {
            throw Unusable(listen, "it is not an IP address of this machine", null);
        }

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = ConnectionsMax;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
            ConnectionGate connections = new(ConnectionsPerAddressMax);
            kestrel.Listen(address, listen.Port, options => options.Use(next =>
                connection => connections.PassAsync(connection, next)));
        });
        WebApplication app = builder.Build();
        OperationsServer server = new(app, new OperatorGate(token), node, logger);
        app.Run(server.HandleAsync);
        try
        {
            await app.StartAsync(ct);
        }
        catch (IOException error) when (error.InnerException is AddressInUseException)
        {
            await app.DisposeAsync();
            throw Unusable(listen, "another process listens there", error);
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            await app.DisposeAsync();
            throw Unusable(listen, error.Message, error);
        }

        logger.OperatorsAnswered(listen);
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource now = new();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private static CommandException Unusable(NodeEndpoint listen, string why, Exception? cause) => new(
        ExitCode.Failure,
        $"cannot answer operators at {listen}",
        why,
        "choose another address in operations.listen of node.json or SIGMA_OPERATIONS_LISTEN; off turns it off",
        cause);

    private async Task HandleAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (!_gate.IsKnown(context.Request))
        {
            // Who shows no token does not keep a connection that others need.
            response.Headers.Connection = "close";
        }

        if (_gate.Refusal(context.Request) is { } refusal)
        {
            response.StatusCode = refusal;
            response.Headers.WWWAuthenticate = refusal == StatusCodes.Status401Unauthorized ? "Bearer" : default;
            return;
        }

        try
        {
            await AnswerAsync(context);
        }
        catch (Exception error) when (error is not OperationCanceledException && !response.HasStarted)
        {
            // One answer that fails is told; the node and the other answers go on.
            _logger.AnswerFailed(error, context.Request.Path);
            response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    private Task AnswerAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case LivePath:
                return WriteAsync(context, StatusCodes.Status200OK, writer => writer.WriteBoolean("alive", true));
            case "/health/ready":
                HealthReport readiness = _node.Report();
                return WriteAsync(
                    context,
                    readiness.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
                    writer => HealthJson.WriteReadiness(writer, readiness));
            case "/api/health":
                HealthReport report = _node.Report();
                return WriteAsync(context, StatusCodes.Status200OK, writer => HealthJson.Write(writer, report));
            case "/api/actors":
                TreeSnapshot tree = _node.Tree();
                int children = ChildrenOf(context.Request);
                return WriteAsync(
                    context, StatusCodes.Status200OK, writer => ActorTreeJson.Write(writer, tree, children));
            case ControlPath when _node.Control is { } control:
                return WriteAsync(
                    context, StatusCodes.Status200OK, writer => ControlJson.Write(writer, control()));
            case MembersPath when _node.Ledger is { } ledger:
                return WriteAsync(
                    context, StatusCodes.Status200OK, writer => ControlJson.WriteMembers(writer, ledger()));
            case "/metrics":
                _node.Tree();
                return WriteAsync(context, "text/plain; version=0.0.4; charset=utf-8", _node.Metrics());
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
        }
    }

    private static int ChildrenOf(HttpRequest request) =>
        int.TryParse(request.Query["children"], NumberStyles.None, CultureInfo.InvariantCulture, out int asked)
            ? Math.Clamp(asked, 1, ChildrenMax)
            : ChildrenDefault;

    private static Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> fields)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, "application/json", BodyOf(fields));
    }

    private static byte[] BodyOf(Action<Utf8JsonWriter> fields)
    {
        using MemoryStream body = new();
        using (Utf8JsonWriter writer = new(body, Indented))
        {
            writer.WriteStartObject();
            writer.WriteNumber("v", 1);
            fields(writer);
            writer.WriteEndObject();
        }

        return body.ToArray();
    }

    private static Task WriteAsync(HttpContext context, string type, ReadOnlyMemory<byte> body)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
