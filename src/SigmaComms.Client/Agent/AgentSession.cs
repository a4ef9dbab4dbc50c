using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SigmaComms.Client.Attachments;
using SigmaComms.Client.Contacts;

namespace SigmaComms.Client.Agent;

/// <summary>One asker at the agent's socket. Whatever it sends, nobody else is disturbed.</summary>
internal sealed class AgentSession(
    MessagingClient client, AgentFeed feed, Socket socket, Action stop, ILogger logger)
{
    private const int RepliesMax = 1024;

    private readonly Channel<AgentReply> _replies = Channel.CreateBounded<AgentReply>(RepliesMax);

    /// <summary>Serves until the asker goes, or the agent ends.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        Task writing = WriteAsync(stream, ended);
        try
        {
            await ReadAsync(stream, ended.Token);
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
        {
            logger.AskerGone(gone.Message);
        }
        finally
        {
            _replies.Writer.TryComplete();
            await ended.CancelAsync();
            await writing;
        }
    }

    private async Task ReadAsync(Stream stream, CancellationToken ct)
    {
        var reader = new LineReader(stream);
        while (await reader.ReadAsync(ct) is { } line)
        {
            AgentRequest? request = AgentJson.ReadRequest(line);
            if (request is null)
            {
                await ReplyAsync(Failed(0, ClientFailure.Protocol, "The line is no JSON object of a request."), ct);
                continue;
            }

            // Begun in the order of the lines, so that messages to one recipient keep it; ended in any order.
            _ = ServeAsync(request, ct);
        }
    }

    private async Task WriteAsync(Stream stream, CancellationTokenSource ended)
    {
        try
        {
            await foreach (AgentReply reply in _replies.Reader.ReadAllAsync(ended.Token))
            {
                await stream.WriteAsync(AgentJson.Write(reply), ended.Token);
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
        {
            await ended.CancelAsync();
        }
    }

    private async Task ServeAsync(AgentRequest request, CancellationToken ct)
    {
        try
        {
            await DoAsync(request, ct);
        }
        catch (ClientException failed)
        {
            await TryReplyAsync(Failed(request.Id, failed.Reason, failed.Message), ct);
        }
        catch (ObjectDisposedException)
        {
            await TryReplyAsync(Failed(request.Id, ClientFailure.Closed, "The agent is ending."), ct);
        }
        catch (Exception gone) when (gone is OperationCanceledException or ChannelClosedException)
        {
            logger.AskerGone(gone.Message);
        }
        catch (Exception bug)
        {
            // The session supervises its requests: one that fails in an unknown way must not take the agent along.
            logger.RequestFailed(bug);
            await TryReplyAsync(
                Failed(request.Id, ClientFailure.Protocol, "The request failed; this is a bug, see the log."), ct);
        }
    }

    private Task DoAsync(AgentRequest request, CancellationToken ct) => request.Command switch
    {
        AgentCommand.Send => FollowAsync(
            request, client.SendTextAsync(Required(request.To, "to"), Required(request.Text, "text"), ct), ct),
        AgentCommand.SendFile => FollowAsync(
            request,
            client.SendFileAsync(Required(request.To, "to"), FullPath(request), ProgressOf(request), ct),
            ct),
        AgentCommand.Subscribe => SubscribeAsync(request, ct),
        AgentCommand.Mark => MarkAsync(request, ct),
        AgentCommand.Download => DownloadAsync(request, ct),
        AgentCommand.Status => StatusAsync(request, ct),
        AgentCommand.SafetyNumber => SafetyNumberAsync(request, ct),
        AgentCommand.Accept => DecideAsync(request, client.AcceptIdentityAsync, ct),
        AgentCommand.Reject => DecideAsync(request, client.RejectIdentityAsync, ct),
        AgentCommand.Stop => StopAsync(request, ct),
        _ => throw new ClientException(ClientFailure.Protocol, $"The agent knows no command '{request.Command}'."),
    };

    private async Task FollowAsync(AgentRequest request, Task<MessageHandle> sending, CancellationToken ct)
    {
        MessageHandle handle = await sending;
        await ReplyAsync(
            new AgentReply { Id = request.Id, Event = AgentEvent.Stored, MessageId = handle.Id.ToString() }, ct);
        await handle.Accepted.WaitAsync(ct);
        await ReplyAsync(new AgentReply { Id = request.Id, Event = AgentEvent.Accepted }, ct);
        await handle.Delivered.WaitAsync(ct);
        await ReplyAsync(new AgentReply { Id = request.Id, Event = AgentEvent.Delivered }, ct);
    }

    private async Task SubscribeAsync(AgentRequest request, CancellationToken ct)
    {
        ChannelReader<InboundItem> items = feed.TrySubscribe(IsConnected) ?? throw new ClientException(
            ClientFailure.AlreadyListening, "Another process listens for this identity's messages already.");
        try
        {
            await foreach (InboundItem item in items.ReadAllAsync(ct))
            {
                await ReplyAsync(Describe(request.Id, item), ct);
            }
        }
        finally
        {
            feed.Unsubscribe(items);
        }
    }

    /// <summary>Whether the asker is there: a socket that can be read but holds nothing was closed by it.</summary>
    private bool IsConnected()
    {
        try
        {
            return !socket.Poll(0, SelectMode.SelectRead) || socket.Available > 0;
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private async Task MarkAsync(AgentRequest request, CancellationToken ct)
    {
        if (feed.Find(Required(request.Item, "item")) is { } item)
        {
            await client.MarkDeliveredAsync(item).WaitAsync(ct);
            feed.Remove(item);
        }

        await ReplyAsync(new AgentReply { Id = request.Id, Event = AgentEvent.Done }, ct);
    }

    private async Task DownloadAsync(AgentRequest request, CancellationToken ct)
    {
        if (feed.Find(Required(request.Item, "item"))?.Attachment is not { } attachment)
        {
            throw new ClientException(
                ClientFailure.AttachmentMissing, "There is no such attachment, or its item was marked already.");
        }

        await client.DownloadAsync(attachment, FullPath(request), ProgressOf(request), ct);
        await ReplyAsync(new AgentReply { Id = request.Id, Event = AgentEvent.Done }, ct);
    }

    private async Task StatusAsync(AgentRequest request, CancellationToken ct)
    {
        ClientStatus status = await client.GetStatusAsync(ct);
        await ReplyAsync(
            new AgentReply { Id = request.Id, Event = AgentEvent.Status, Status = AgentStatus.Of(status) }, ct);
    }

    private async Task SafetyNumberAsync(AgentRequest request, CancellationToken ct)
    {
        PeerIdentity identity = await client.GetIdentityAsync(Required(request.To, "to"), ct);
        await ReplyAsync(
            new AgentReply
            {
                Id = request.Id,
                Event = AgentEvent.SafetyNumber,
                Number = identity.SafetyNumber,
                Change = identity.Change.ToString(),
                Shown = identity.Shown.ToString(),
                Account = identity.Record is { } record ? Convert.ToBase64String(record.Encoded.Span) : null,
            },
            ct);
    }

    private async Task DecideAsync(
        AgentRequest request, Func<PeerIdentity, CancellationToken, Task> decide, CancellationToken ct)
    {
        PeerIdentity identity = await client.GetIdentityAsync(Required(request.To, "to"), ct);
        if (identity.Shown.ToString() != Required(request.Shown, "shown"))
        {
            throw new ClientException(
                ClientFailure.UnknownRecipient,
                $"The identity of {identity.Name} is not the one that was shown. Look at it again.");
        }

        await decide(identity, ct);
        await ReplyAsync(new AgentReply { Id = request.Id, Event = AgentEvent.Done }, ct);
    }

    private async Task StopAsync(AgentRequest request, CancellationToken ct)
    {
        await ReplyAsync(new AgentReply { Id = request.Id, Event = AgentEvent.Done }, ct);
        stop();
    }

    private static AgentReply Describe(long id, InboundItem item) => new()
    {
        Id = id,
        Event = AgentEvent.Item,
        Item = AgentFeed.NameOf(item),
        MessageId = item.Id.ToString(),
        From = item.From,
        Counter = item.Counter,
        Sent = item.Sent,
        Text = item.Text,
        FileName = item.Attachment?.Name,
        FileBytes = item.Attachment?.SizeBytes,
        FileHash = item.Attachment?.Hash.ToString(),
    };

    private static AgentReply Failed(long id, ClientFailure code, string message) =>
        new() { Id = id, Event = AgentEvent.Error, Code = code.ToString(), Message = message };

    private static string Required(string? value, string name) => value
        ?? throw new ClientException(ClientFailure.Protocol, $"The request needs '{name}'.");

    private static string FullPath(AgentRequest request)
    {
        string path = Required(request.Path, "path");
        return Path.IsPathFullyQualified(path)
            ? path
            : throw new ClientException(ClientFailure.Protocol, "The path must be a full one.");
    }

    private TransferProgress ProgressOf(AgentRequest request) => new(request.Id, _replies.Writer);

    private ValueTask ReplyAsync(AgentReply reply, CancellationToken ct) => _replies.Writer.WriteAsync(reply, ct);

    private async ValueTask TryReplyAsync(AgentReply reply, CancellationToken ct)
    {
        try
        {
            await ReplyAsync(reply, ct);
        }
        catch (Exception gone) when (gone is OperationCanceledException or ChannelClosedException)
        {
            logger.AskerGone(gone.Message);
        }
    }

    /// <summary>Sends progress where there is room; what is left out does no harm.</summary>
    private sealed class TransferProgress(long id, ChannelWriter<AgentReply> replies) : IProgress<AttachmentProgress>
    {
        public void Report(AttachmentProgress value) => replies.TryWrite(new AgentReply
        {
            Id = id,
            Event = AgentEvent.Progress,
            DoneBytes = value.DoneBytes,
            TotalBytes = value.TotalBytes,
        });
    }
}
