using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;

namespace SigmaComms.EndToEnd.Tests.Control;

/// <summary>
/// Asks a node what <c>sigma control</c> asks it, through the socket in its folder, without a process for each
/// question. The socket is reached in whatever network the node is.
/// </summary>
internal sealed class ControlSocket : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly HttpClient _client;

    public ControlSocket(string path) => _client = new HttpClient(new SocketsHttpHandler
    {
        ConnectCallback = async (_, stop) => await ConnectAsync(path, stop),
    })
    {
        BaseAddress = new Uri("http://node/"),
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>How its replica stands; null if it does not say.</summary>
    public Task<JsonElement?> StatusAsync() => SendAsync(stop => _client.GetAsync("control/status", stop), 0);

    /// <summary>Who belongs to the cluster; null if it does not say.</summary>
    public async Task<IReadOnlyList<JsonElement>?> MembersAsync() =>
        await SendAsync(stop => _client.GetAsync("control/members", stop), 0) is { } answer
            ? [.. answer.GetProperty("members").EnumerateArray()]
            : null;

    /// <summary>What a vault holds, as the node knows it; null if it does not say.</summary>
    public Task<JsonElement?> VaultAsync(Digest vault) =>
        SendAsync(stop => _client.GetAsync($"control/vault?vault={vault}", stop), 0);

    /// <summary>What a vault holds with every write that was final before; null if it cannot say.</summary>
    public Task<JsonElement?> VaultNowAsync(Digest vault, int seconds) => SendAsync(
        stop => _client.GetAsync(
            string.Create(CultureInfo.InvariantCulture, $"control/vault?vault={vault}&seconds={seconds}"), stop),
        seconds);

    /// <summary>Orders a command to a vault.</summary>
    /// <returns>
    /// What became of it; null if that is not known: it may still be executed, unless nobody listened at the socket.
    /// </returns>
    public async Task<(VaultReply? Reply, bool IsAsked)> OrderAsync(VaultCommand command, int seconds)
    {
        bool isAsked = true;
        string path = string.Create(
            CultureInfo.InvariantCulture, $"control/submit?machine={MachineIds.VaultCommands}&seconds={seconds}");
        JsonElement? answer = await SendAsync(
            async stop =>
            {
                using ByteArrayContent content = new(command.Encode());
                return await _client.PostAsync(path, content, stop);
            },
            seconds,
            () => isAsked = false);
        VaultReply? known = answer is { } said && said.GetProperty("verdict").GetString() == "Final"
            && VaultReply.TryDecode(said.GetProperty("reply").GetBytesFromBase64(), out VaultReply reply)
            ? reply
            : null;
        return (known, isAsked);
    }

    public void Dispose() => _client.Dispose();

    private static async Task<JsonElement?> SendAsync(
        Func<CancellationToken, Task<HttpResponseMessage>> send, int seconds, Action? notAsked = null)
    {
        using CancellationTokenSource late = new(Patience + TimeSpan.FromSeconds(seconds));
        try
        {
            using HttpResponseMessage response = await send(late.Token);
            return response.StatusCode == HttpStatusCode.OK
                ? JsonElement.Parse(await response.Content.ReadAsByteArrayAsync(late.Token))
                : null;
        }
        catch (HttpRequestException refused) when (refused.HttpRequestError == HttpRequestError.ConnectionError)
        {
            notAsked?.Invoke();
            return null;
        }
        catch (Exception silence) when (silence is HttpRequestException or OperationCanceledException or IOException)
        {
            // Killed, stopped, starting: all that is known is that there was no answer.
            return null;
        }
    }

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
