using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using SigmaComms.Cluster.Control;
using SigmaComms.Cryptography;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Control;

/// <summary>Asks a node of this data folder about its control log, through the socket in its folder.</summary>
internal sealed class ControlClient : IDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    private readonly LocalNode _node;
    private readonly HttpClient _client;

    /// <summary>Names the node; nothing is asked.</summary>
    /// <param name="node">The node.</param>
    public ControlClient(LocalNode node)
    {
        _node = node;
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            ConnectCallback = async (_, stop) => await ConnectAsync(node.Folder.Socket, stop),
        })
        {
            BaseAddress = new Uri("http://node/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>How its replica stands.</summary>
    /// <exception cref="CommandException">It does not answer.</exception>
    public Task<JsonElement> StatusAsync(CancellationToken stop) => AskAsync(ControlDoor.StatusPath, stop);

    /// <summary>Who belongs to the cluster, as it knows.</summary>
    /// <exception cref="CommandException">It does not answer.</exception>
    public Task<JsonElement> MembersAsync(CancellationToken stop) => AskAsync(ControlDoor.MembersPath, stop);

    /// <summary>What a vault holds.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="seconds">
    /// How long it may take to see every write that was final before; null: as the node knows it.
    /// </param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="CommandException">It does not answer.</exception>
    public Task<JsonElement> VaultAsync(Digest vault, int? seconds, CancellationToken stop)
    {
        string path = $"{ControlDoor.VaultPath}?vault={vault}"
            + (seconds is { } limit ? string.Create(CultureInfo.InvariantCulture, $"&seconds={limit}") : "");
        return SendAsync(
            token => _client.GetAsync(path, token), ReadAsync,
            AnswerTimeout + TimeSpan.FromSeconds(seconds ?? 0), stop);
    }

    /// <summary>Has it order a command under its signature.</summary>
    /// <param name="machine">The state machine.</param>
    /// <param name="payload">The command.</param>
    /// <param name="seconds">How long it may take.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="CommandException">It does not answer.</exception>
    public async Task<ControlReply> SubmitAsync(
        ushort machine, ReadOnlyMemory<byte> payload, int seconds, CancellationToken stop)
    {
        string path = string.Create(
            CultureInfo.InvariantCulture, $"{ControlDoor.SubmitPath}?machine={machine}&seconds={seconds}");
        using ReadOnlyMemoryContent content = new(payload);
        TimeSpan patience = AnswerTimeout + TimeSpan.FromSeconds(seconds);
        return await SendAsync(
            token => _client.PostAsync(path, content, token),
            async (response, token) => ControlReply.Read(_node.Name, await ReadAsync(response, token)),
            patience,
            stop);
    }

    /// <summary>Asks for what shows that a command is in the log.</summary>
    /// <param name="answer">The final answer to the command.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>The encoded proof, unchecked; null if the node has none yet, or no more.</returns>
    /// <exception cref="CommandException">It does not answer.</exception>
    public Task<byte[]?> ProveAsync(CommandAnswer answer, CancellationToken stop)
    {
        string path = string.Create(
            CultureInfo.InvariantCulture,
            $"{ControlDoor.ProofPath}?client={answer.Client}&sequence={answer.Sequence}&height={answer.Height.Value}");
        return SendAsync(
            token => _client.GetAsync(path, token),
            async (response, token) => response.StatusCode == HttpStatusCode.NotFound
                ? null
                : await ReadBytesAsync(response, token),
            AnswerTimeout,
            stop);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private Task<JsonElement> AskAsync(string path, CancellationToken stop) =>
        SendAsync(token => _client.GetAsync(path, token), ReadAsync, AnswerTimeout, stop);

    private async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken stop) =>
        JsonElement.Parse(await ReadBytesAsync(response, stop));

    private Task<byte[]> ReadBytesAsync(HttpResponseMessage response, CancellationToken stop) =>
        response.StatusCode == HttpStatusCode.OK
            ? response.Content.ReadAsByteArrayAsync(stop)
            : throw Unavailable($"it answered {(int)response.StatusCode}", null);

    private async Task<T> SendAsync<T>(
        Func<CancellationToken, Task<HttpResponseMessage>> send,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read,
        TimeSpan patience,
        CancellationToken stop)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(patience);
        try
        {
            using HttpResponseMessage response = await send(late.Token);
            return await read(response, late.Token);
        }
        catch (HttpRequestException error)
        {
            throw _node.Running is null
                ? new CommandException(
                    ExitCode.Unavailable, $"{_node.Name} does not answer", "it does not run",
                    $"start it: sigma node start {_node.Name}", error)
                : Unavailable(
                    File.Exists(_node.Folder.Socket) ? error.Message : "it has no control log, or has just started",
                    error);
        }
        catch (OperationCanceledException error) when (!stop.IsCancellationRequested)
        {
            throw Unavailable($"no answer within {patience.TotalSeconds} s", error);
        }
        catch (Exception error) when (error is JsonException or FormatException or KeyNotFoundException)
        {
            throw Unavailable("its answer is of no known form", error);
        }
    }

    private CommandException Unavailable(string why, Exception? cause) => new(
        ExitCode.Unavailable, $"{_node.Name} does not answer", why,
        $"see how it is: sigma node status {_node.Name}; its log is {_node.Folder.LogFile}", cause);

    private static async Task<Stream> ConnectAsync(string path, CancellationToken stop)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
