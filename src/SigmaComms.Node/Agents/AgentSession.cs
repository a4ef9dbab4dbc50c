using System.Text;
using System.Text.Json;
using SigmaComms.Client;
using SigmaComms.Node.Commands;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Agents;

/// <summary>
/// The answering side of the agent's protocol on one connection. A line is {"id":N,"do":VERB,...}; the reply is
/// {"v":1,"reply":N,...} or {"v":1,"reply":N,"error":{...}}; events have {"v":1,"event":NAME,...}. The verbs and
/// events are listed in docs/operations.md.
/// </summary>
internal sealed class AgentSession
{
    private const int RequestsMax = 256;
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    private readonly MessagingClient _client;
    private readonly AgentNews _news;
    private readonly AgentInbox _inbox;
    private readonly LineWriter _writer;
    private readonly Stream _input;
    private readonly string _filesFolder;

    /// <summary>Serves one connection.</summary>
    /// <param name="client">The client it acts through.</param>
    /// <param name="news">What the client reports.</param>
    /// <param name="inbox">Shared by all connections.</param>
    /// <param name="input">Lines come from here.</param>
    /// <param name="writer">Lines go there.</param>
    /// <param name="filesFolder">Where attachments are saved if the listener does not say.</param>
    public AgentSession(
        MessagingClient client,
        AgentNews news,
        AgentInbox inbox,
        Stream input,
        LineWriter writer,
        string filesFolder)
    {
        _news = news;
        _client = client;
        _inbox = inbox;
        _input = input;
        _writer = writer;
        _filesFolder = filesFolder;
    }

    /// <summary>Serves until the other side closes or this side stops.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using SemaphoreSlim room = new(RequestsMax);
        HashSet<Task> running = [];
        _news.Told += OnChanged;
        try
        {
            using StreamReader reader = new(_input, Encoding.UTF8, leaveOpen: true);
            while (await reader.ReadLineAsync(ended.Token) is string line)
            {
                // A request begins before the next line is read, so that messages keep the order of the lines.
                await room.WaitAsync(ended.Token);
                running.RemoveWhere(task => task.IsCompleted);
                running.Add(ServeAsync(line, room, ended.Token));
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException)
        {
            // The connection is over; so are its requests.
        }
        finally
        {
            _news.Told -= OnChanged;
            await ended.CancelAsync();
            await Task.WhenAll(running);
        }
    }

    private async Task ServeAsync(string line, SemaphoreSlim room, CancellationToken stop)
    {
        int id = 0;
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement request = document.RootElement;
            id = request.GetProperty("id").GetInt32();
            await ServeAsync(id, request, stop);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for the reply any more.
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException)
        {
            await ReplyAsync(id, new CommandException(
                ExitCode.Usage, "the agent did not understand a line", fault.Message, "see docs/operations.md"));
        }
        catch (Exception fault)
        {
            // One request fails, the agent goes on: it is the supervisor of its requests.
            await ReplyAsync(id, Faults.Explain(fault));
        }
        finally
        {
            room.Release();
        }
    }

    private Task ServeAsync(int id, JsonElement request, CancellationToken stop) =>
        request.GetProperty("do").GetString() switch
        {
            "ready" => ReadyAsync(id, stop),
            "send" => SendAsync(id, request.Clone(), stop),
            "listen" => ListenAsync(id, request.Clone(), stop),
            "safetyNumber" => SafetyNumberAsync(id, request.Clone(), stop),
            "accept" => AcceptAsync(id, request.Clone(), stop),
            "status" => StatusAsync(id, stop),
            string other => throw new FormatException($"there is no verb {other}"),
            null => throw new FormatException("the verb is null"),
        };

    private async Task ReadyAsync(int id, CancellationToken stop)
    {
        await _client.WaitConnectedAsync(AnswerTimeout, stop);
        await _client.Published.WaitAsync(AnswerTimeout, stop);
        await StatusAsync(id, stop);
    }

    private async Task SendAsync(int id, JsonElement request, CancellationToken stop)
    {
        string to = request.GetProperty("to").GetString()!;
        Task<MessageHandle> sending = request.TryGetProperty("file", out JsonElement file)
            ? _client.SendFileAsync(to, file.GetString()!, null, stop)
            : _client.SendTextAsync(to, request.GetProperty("text").GetString()!, stop);
        MessageHandle handle = await sending;
        string until = request.TryGetProperty("until", out JsonElement value) ? value.GetString()! : "accepted";
        await (until switch
        {
            "stored" => Task.CompletedTask,
            "accepted" => handle.Accepted.WaitAsync(stop),
            "delivered" => handle.Delivered.WaitAsync(stop),
            _ => throw new FormatException($"cannot wait until {until}"),
        });
        await ReplyAsync(id, writer =>
        {
            writer.WriteString("message", handle.Id.ToString());
            writer.WriteString("to", handle.To);
            writer.WriteString("state", until);
        });
    }

    private async Task ListenAsync(int id, JsonElement request, CancellationToken stop)
    {
        if (!_inbox.TryTake())
        {
            throw new CommandException(
                ExitCode.Failure, "cannot listen", "somebody else listens already",
                    "stop the other sigma message listen");
        }

        try
        {
            string folder = request.TryGetProperty("saveTo", out JsonElement value) ? value.GetString()! : _filesFolder;
            await ReplyAsync(id, writer => writer.WriteString("saveTo", folder));
            await foreach (InboundItem item in _inbox.ItemsAsync(stop))
            {
                await TellAsync(item, folder, stop);
            }
        }
        catch (IOException)
        {
            // The listener went away; the item stays for the next.
        }
        finally
        {
            _inbox.GiveBack();
        }
    }

    private async Task TellAsync(InboundItem item, string folder, CancellationToken stop)
    {
        string? saved = null;
        CommandException? fault = null;
        if (item.Attachment is { } attachment)
        {
            saved = Path.Combine(folder, $"{item.Id.ToString()[..8]}-{attachment.Name}");
            try
            {
                Directory.CreateDirectory(folder);
                if (!File.Exists(saved))
                {
                    await _client.DownloadAsync(attachment, saved, null, stop);
                }
            }
            catch (ClientException refused)
            {
                fault = Faults.Explain(refused);
            }
        }

        await _writer.WriteAsync(writer =>
        {
            writer.WriteString("event", "received");
            writer.WriteString("from", item.From);
            writer.WriteString("message", item.Id.ToString());
            writer.WriteNumber("counter", item.Counter);
            writer.WriteString("sent", item.Sent);
            if (item.Text is not null)
            {
                writer.WriteString("text", item.Text);
            }

            if (item.Attachment is { } file)
            {
                writer.WriteString("name", file.Name);
                writer.WriteNumber("sizeBytes", file.SizeBytes);
                writer.WriteString("sha256", file.Hash.ToString());
                writer.WriteString("file", fault is null ? saved : null);
            }

            if (fault is not null)
            {
                FaultJson.Write(writer, fault);
            }
        });
    }

    private async Task SafetyNumberAsync(int id, JsonElement request, CancellationToken stop)
    {
        string peer = request.GetProperty("peer").GetString()!;
        string number = await _client.SafetyNumberAsync(peer, stop);
        await ReplyAsync(id, writer =>
        {
            writer.WriteString("peer", peer);
            writer.WriteString("safetyNumber", number);
        });
    }

    private async Task AcceptAsync(int id, JsonElement request, CancellationToken stop)
    {
        string peer = request.GetProperty("peer").GetString()!;
        await _client.AcceptIdentityAsync(peer, stop);
        await ReplyAsync(id, writer => writer.WriteString("peer", peer));
    }

    private async Task StatusAsync(int id, CancellationToken stop)
    {
        ClientStatus status = await _client.GetStatusAsync(stop);
        await ReplyAsync(id, writer => AgentStatus.Write(writer, status));
    }

    private void OnChanged(ClientEvent change) => _ = TellAsync(change);

    private async Task TellAsync(ClientEvent change)
    {
        try
        {
            await _writer.WriteAsync(writer =>
            {
                writer.WriteString("event", JsonNamingPolicy.CamelCase.ConvertName(change.Kind.ToString()));
                writer.WriteString("subject", change.Subject);
                writer.WriteString("detail", change.Detail);
            });
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // The reading loop ends the session.
        }
    }

    private Task ReplyAsync(int id, CommandException fault) => ReplyAsync(id, writer => FaultJson.Write(writer, fault));

    private async Task ReplyAsync(int id, Action<Utf8JsonWriter> fields)
    {
        try
        {
            await _writer.WriteAsync(writer =>
            {
                writer.WriteNumber("reply", id);
                fields(writer);
            });
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // The reading loop ends the session.
        }
    }
}
