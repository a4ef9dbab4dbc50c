using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using SigmaComms.Client.Attachments;
using SigmaComms.Client.Contacts;
using SigmaComms.Messaging.KeyDirectory;

namespace SigmaComms.Client.Agent;

/// <summary>Acts through the agent that has an identity open.</summary>
/// <remarks>Safe to call from any thread.</remarks>
public sealed class AgentClient : IAsyncDisposable
{
    private readonly NetworkStream _stream;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ConcurrentDictionary<long, AgentExchange> _exchanges = new();
    private readonly ConcurrentDictionary<string, string> _shown = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;
    private long _lastId;
    private bool _gone;
    private int _disposed;

    private AgentClient(Socket socket)
    {
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reading = ReadAsync();
    }

    /// <summary>Connects with a running agent.</summary>
    /// <param name="socketPath">Where it listens.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Null if no agent listens there.</returns>
    public static async Task<AgentClient?> TryConnectAsync(string socketPath, CancellationToken ct)
    {
        if (!File.Exists(socketPath))
        {
            return null;
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), ct);
            return new AgentClient(socket);
        }
        catch (SocketException)
        {
            // A left-over of an agent that was killed, or one that ends just now.
            socket.Dispose();
            return null;
        }
    }

    /// <summary>Sends a text; see <see cref="MessagingClient.SendTextAsync"/>.</summary>
    /// <param name="to">The recipient.</param>
    /// <param name="text">The text.</param>
    /// <param name="ct">Stops waiting.</param>
    /// <exception cref="ClientException">It is not sent.</exception>
    public Task<AgentMessage> SendTextAsync(string to, string text, CancellationToken ct) =>
        SendAsync(new AgentRequest { Command = AgentCommand.Send, To = to, Text = text }, null, ct);

    /// <summary>Sends a file; see <see cref="MessagingClient.SendFileAsync"/>.</summary>
    /// <param name="to">The recipient.</param>
    /// <param name="path">The file.</param>
    /// <param name="progress">Told now and then; null for nobody.</param>
    /// <param name="ct">Stops waiting.</param>
    /// <exception cref="ClientException">It is not sent.</exception>
    public Task<AgentMessage> SendFileAsync(
        string to, string path, IProgress<AttachmentProgress>? progress, CancellationToken ct) => SendAsync(
            new AgentRequest { Command = AgentCommand.SendFile, To = to, Path = Path.GetFullPath(path) }, progress, ct);

    /// <summary>What came in and is not marked, then what comes. One subscriber at a time, for as long as it is
    /// connected.</summary>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="ClientException">Somebody else has subscribed, or the agent went away.</exception>
    public async IAsyncEnumerable<AgentReply> SubscribeAsync([EnumeratorCancellation] CancellationToken ct)
    {
        AgentExchange exchange = await AskAsync(new AgentRequest { Command = AgentCommand.Subscribe }, ct);
        while (true)
        {
            yield return await exchange.ExpectAsync(AgentEvent.Item, null, ct);
        }
    }

    /// <summary>The item was read and will not be needed again.</summary>
    /// <param name="item">Its name.</param>
    /// <param name="ct">Stops waiting.</param>
    public Task MarkAsync(string item, CancellationToken ct) =>
        OneAsync(new AgentRequest { Command = AgentCommand.Mark, Item = item }, AgentEvent.Done, null, ct);

    /// <summary>Fetches an attachment; see <see cref="MessagingClient.DownloadAsync"/>.</summary>
    /// <param name="item">The item's name; it must not be marked yet.</param>
    /// <param name="path">Where to; must not exist.</param>
    /// <param name="progress">Told now and then; null for nobody.</param>
    /// <param name="ct">Stops waiting.</param>
    /// <exception cref="ClientException">There is no file.</exception>
    public Task DownloadAsync(
        string item, string path, IProgress<AttachmentProgress>? progress, CancellationToken ct) => OneAsync(
            new AgentRequest { Command = AgentCommand.Download, Item = item, Path = Path.GetFullPath(path) },
            AgentEvent.Done,
            progress,
            ct);

    /// <summary>How the client is doing.</summary>
    /// <param name="ct">Stops waiting.</param>
    public async Task<AgentStatus> GetStatusAsync(CancellationToken ct)
    {
        AgentReply reply = await OneAsync(
            new AgentRequest { Command = AgentCommand.Status }, AgentEvent.Status, null, ct);
        return reply.Status ?? throw new ClientException(ClientFailure.Protocol, "The agent's status is empty.");
    }

    /// <summary>60 digits to compare with the peer. What they are of is what can be decided on afterwards.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="ct">Stops waiting.</param>
    public async Task<string> GetSafetyNumberAsync(string peer, CancellationToken ct)
    {
        AgentReply reply = await OneAsync(
            new AgentRequest { Command = AgentCommand.SafetyNumber, To = peer }, AgentEvent.SafetyNumber, null, ct);
        if (reply.Number is null || reply.Shown is null)
        {
            throw new ClientException(ClientFailure.Protocol, "The agent's answer is empty.");
        }

        _shown[peer] = reply.Shown;
        return reply.Number;
    }

    /// <summary>The record of a peer's account, as the agent trusts it.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="ct">Stops waiting.</param>
    /// <exception cref="ClientException">
    /// There is no such peer, or its identity has changed and nobody has accepted that.
    /// </exception>
    public async Task<AccountRecord> GetAccountAsync(string peer, CancellationToken ct)
    {
        AgentReply reply = await OneAsync(
            new AgentRequest { Command = AgentCommand.SafetyNumber, To = peer }, AgentEvent.SafetyNumber, null, ct);
        if (reply.Change != nameof(IdentityChange.None))
        {
            throw IdentityChanged.Of(peer);
        }

        byte[] encoded = new byte[AccountRecord.EncodedMaxBytes];
        return Convert.TryFromBase64String(reply.Account ?? "", encoded, out int length)
            && AccountRecord.TryDecode(encoded.AsSpan(0, length), out AccountRecord? record)
            && record.Name == peer
            ? record
            : throw new ClientException(
                ClientFailure.Protocol, "The agent does not tell the peer's account: it is an older one. Restart it.");
    }

    /// <summary>
    /// Trusts the changed identity of a peer: exactly the one whose safety number this client gave last.
    /// </summary>
    /// <param name="peer">The peer.</param>
    /// <param name="ct">Stops waiting.</param>
    /// <exception cref="ClientException">None was asked for, or the identity is another one now.</exception>
    public Task AcceptIdentityAsync(string peer, CancellationToken ct) => DecideAsync(AgentCommand.Accept, peer, ct);

    /// <summary>
    /// Refuses the changed account of a peer: exactly the one whose safety number this client gave last. The trusted
    /// one stays.
    /// </summary>
    /// <param name="peer">The peer.</param>
    /// <param name="ct">Stops waiting.</param>
    /// <exception cref="ClientException">None was asked for, or the identity is another one now.</exception>
    public Task RejectIdentityAsync(string peer, CancellationToken ct) => DecideAsync(AgentCommand.Reject, peer, ct);

    /// <summary>Ends the agent.</summary>
    /// <param name="ct">Stops waiting.</param>
    public async Task StopAsync(CancellationToken ct)
    {
        try
        {
            await OneAsync(new AgentRequest { Command = AgentCommand.Stop }, AgentEvent.Done, null, ct);
        }
        catch (ClientException gone) when (gone.Reason == ClientFailure.Closed)
        {
            // It may go before its answer comes; gone is what was asked for.
        }
    }

    /// <summary>Disconnects. May be called twice.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync();
        await _reading;
        await _stream.DisposeAsync();
        _stop.Dispose();
        _writing.Dispose();
    }

    private async Task<AgentMessage> SendAsync(
        AgentRequest request, IProgress<AttachmentProgress>? progress, CancellationToken ct)
    {
        AgentExchange exchange = await AskAsync(request, ct);
        AgentReply stored = await exchange.ExpectAsync(AgentEvent.Stored, progress, ct);
        Task accepted = exchange.ExpectAsync(AgentEvent.Accepted, null, CancellationToken.None);
        Task delivered = ThenAsync(accepted, exchange);
        _ = delivered.ContinueWith(
            static task => _ = task.Exception,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return new AgentMessage(stored.MessageId ?? "", accepted, delivered);
    }

    private static async Task ThenAsync(Task accepted, AgentExchange exchange)
    {
        await accepted;
        await exchange.ExpectAsync(AgentEvent.Delivered, null, CancellationToken.None);
    }

    private Task<AgentReply> DecideAsync(string command, string peer, CancellationToken ct)
    {
        if (!_shown.TryGetValue(peer, out string? shown))
        {
            throw new ClientException(
                ClientFailure.Protocol, $"Look at the safety number with {peer} first, then decide.");
        }

        return OneAsync(
            new AgentRequest { Command = command, To = peer, Shown = shown }, AgentEvent.Done, null, ct);
    }

    private async Task<AgentReply> OneAsync(
        AgentRequest request, string expected, IProgress<AttachmentProgress>? progress, CancellationToken ct)
    {
        AgentExchange exchange = await AskAsync(request, ct);
        return await exchange.ExpectAsync(expected, progress, ct);
    }

    private async Task<AgentExchange> AskAsync(AgentRequest request, CancellationToken ct)
    {
        var exchange = new AgentExchange();
        long id = Interlocked.Increment(ref _lastId);
        _exchanges[id] = exchange;
        await _writing.WaitAsync(ct);
        try
        {
            await _stream.WriteAsync(AgentJson.Write(request with { Id = id }), ct);
        }
        catch (IOException failed)
        {
            throw new ClientException(ClientFailure.Closed, "The agent went away.", failed);
        }
        finally
        {
            _writing.Release();
        }

        if (Volatile.Read(ref _gone))
        {
            exchange.End();
        }

        return exchange;
    }

    private async Task ReadAsync()
    {
        var reader = new LineReader(_stream);
        try
        {
            while (await reader.ReadAsync(_stop.Token) is { } line)
            {
                if (AgentJson.ReadReply(line) is { } reply && _exchanges.TryGetValue(reply.Id, out var exchange))
                {
                    exchange.Add(reply);
                    Forget(reply);
                }
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
        {
            // The agent, or this side, went away; the exchanges are told below.
        }

        Volatile.Write(ref _gone, true);
        foreach (AgentExchange exchange in _exchanges.Values)
        {
            exchange.End();
        }
    }

    private void Forget(AgentReply reply)
    {
        if (reply.Event is AgentEvent.Done or AgentEvent.Error or AgentEvent.Delivered or AgentEvent.Status
            or AgentEvent.SafetyNumber)
        {
            _exchanges.TryRemove(reply.Id, out _);
        }
    }
}
