using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Cluster.Control;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Commands;
using SigmaComms.Cryptography;

namespace SigmaComms.Node.Control;

/// <summary>
/// The control log of a node for who may enter its folder: over a socket there, which the file system guards. It tells
/// how the log stands and orders commands under the node's own signature.
/// </summary>
internal sealed class ControlDoor : IAsyncDisposable
{
    /// <summary>How the replica stands.</summary>
    public const string StatusPath = "/control/status";

    /// <summary>Who belongs to the cluster.</summary>
    public const string MembersPath = "/control/members";

    /// <summary>What a vault holds.</summary>
    public const string VaultPath = "/control/vault";

    /// <summary>Orders a command.</summary>
    public const string SubmitPath = "/control/submit";

    /// <summary>What shows that a command is in the log.</summary>
    public const string ProofPath = "/control/proof";

    /// <summary>The longest path that a socket may have.</summary>
    public const int PathLengthMax = 104;

    private const int ConnectionsMax = 64;
    private const int TimeoutSecondsMax = 120;
    private static readonly TimeSpan ProofTimeout = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly ControlLog _log;
    private readonly ILogger _logger;

    private ControlDoor(WebApplication app, ControlLog log, ILogger logger)
    {
        _app = app;
        _log = log;
        _logger = logger;
    }

    /// <summary>Begins to answer.</summary>
    /// <param name="socket">The socket's path, in a folder that only its owner may enter.</param>
    /// <param name="log">The node's control log.</param>
    /// <param name="logger">Told what went wrong.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="IOException">It cannot listen there.</exception>
    public static async Task<ControlDoor> StartAsync(
        string socket, ControlLog log, ILogger logger, CancellationToken ct)
    {
        // What is left of a process that was killed; the node's lock sees to it that no other one runs.
        File.Delete(socket);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = ConnectionsMax;
            kestrel.Limits.MaxRequestBodySize = Command.PayloadSizeMax + 1;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
            kestrel.ListenUnixSocket(socket);
        });
        WebApplication app = builder.Build();
        ControlDoor door = new(app, log, logger);
        app.Run(door.HandleAsync);
        try
        {
            await app.StartAsync(ct);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            return door;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource now = new();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        try
        {
            await AnswerAsync(context);
        }
        catch (Exception error) when (error is not OperationCanceledException && !context.Response.HasStarted)
        {
            // One answer that fails is told; the node and the other answers go on.
            _logger.AnswerFailed(error, context.Request.Path);
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    private Task AnswerAsync(HttpContext context) => (context.Request.Method, context.Request.Path.Value) switch
    {
        ("GET", StatusPath) => WriteAsync(context, writer => ControlJson.Write(writer, _log.Status())),
        ("GET", MembersPath) => WriteAsync(context, writer => ControlJson.WriteMembers(writer, _log.Read())),
        ("GET", VaultPath) => ReadVaultAsync(context),
        ("POST", SubmitPath) => SubmitAsync(context),
        ("GET", ProofPath) => ProveAsync(context),
        _ => RefuseAsync(context, StatusCodes.Status404NotFound),
    };

    // Without seconds it is read as this node knows it; with them every write counts that was final before.
    private async Task ReadVaultAsync(HttpContext context)
    {
        bool isLinearizable = context.Request.Query.ContainsKey("seconds");
        int seconds = 0;
        if (!Digest.TryParse(context.Request.Query["vault"].ToString(), out Digest vault)
            || (isLinearizable && !TryReadSeconds(context, out seconds)))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest);
            return;
        }

        ControlReading? reading = isLinearizable
            ? await _log.ReadLinearizableAsync(TimeSpan.FromSeconds(seconds), context.RequestAborted)
            : _log.Read();
        await (reading is null
            ? RefuseAsync(context, StatusCodes.Status503ServiceUnavailable)
            : WriteAsync(context, writer => ControlJson.WriteVault(writer, reading, vault)));
    }

    private static bool TryReadSeconds(HttpContext context, out int seconds) =>
        int.TryParse(
            context.Request.Query["seconds"], NumberStyles.None, CultureInfo.InvariantCulture, out seconds)
        && seconds is >= 1 and <= TimeoutSecondsMax;

    private async Task SubmitAsync(HttpContext context)
    {
        bool isComplete = ushort.TryParse(
            context.Request.Query["machine"], NumberStyles.None, CultureInfo.InvariantCulture, out ushort machine)
            & TryReadSeconds(context, out int seconds);
        if (!isComplete)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest);
            return;
        }

        using MemoryStream payload = new();
        await context.Request.Body.CopyToAsync(payload, context.RequestAborted);
        CommandAnswer answer = await _log.SubmitAsync(
            machine, payload.ToArray(), TimeSpan.FromSeconds(seconds), context.RequestAborted);
        await WriteAsync(context, writer => ControlJson.Write(writer, answer));
    }

    private async Task ProveAsync(HttpContext context)
    {
        IQueryCollection query = context.Request.Query;
        bool isComplete = Digest.TryParse(query["client"], out Digest client)
            & ulong.TryParse(query["sequence"], NumberStyles.None, CultureInfo.InvariantCulture, out ulong sequence)
            & ulong.TryParse(query["height"], NumberStyles.None, CultureInfo.InvariantCulture, out ulong height);
        if (!isComplete)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest);
            return;
        }

        CommandProof? proof = await _log.ProveFromGenesisAsync(
            client, sequence, new Height(height), ProofTimeout, context.RequestAborted);
        if (proof is null)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound);
            return;
        }

        byte[] encoded = proof.Encode();
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = encoded.Length;
        await context.Response.Body.WriteAsync(encoded, context.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> fields)
    {
        using MemoryStream body = new();
        await using (Utf8JsonWriter writer = new(body))
        {
            writer.WriteStartObject();
            writer.WriteNumber("v", 1);
            fields(writer);
            writer.WriteEndObject();
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.ToArray(), context.RequestAborted);
    }
}
