using System.Collections.Concurrent;
using SigmaComms.Client;
using SigmaComms.Client.Agent;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests.Clusters;

/// <summary>A running sigma agent and what it has received.</summary>
internal sealed class Agent : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Account _account;
    private readonly SigmaProcess _process;
    private readonly AgentClient _client;
    private readonly BlockingCollection<(AgentReply Item, string? File)> _received = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _listening;

    private Agent(Account account, SigmaProcess process, AgentClient client)
    {
        _account = account;
        _process = process;
        _client = client;
        _listening = ListenAsync();
    }

    public static async Task<Agent> StartAsync(Account account, string node)
    {
        SigmaProcess process = account.Start("agent", "--node", node);
        try
        {
            await process.DataAsync(line => line.Contains("is connected", StringComparison.Ordinal));
            string socket = new IdentityFolder(account.IdentityFolder).Socket;
            AgentClient? client = await AgentClient.TryConnectAsync(socket, CancellationToken.None);
            Assert.NotNull(client);
            return new Agent(account, process, client);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a text; the task ends when the recipient has it.</summary>
    public Task SendAsync(string to, string text) =>
        DeliverAsync(_client.SendTextAsync(to, text, CancellationToken.None));

    /// <summary>Sends a file; the task ends when the recipient has the message with its key.</summary>
    public Task SendFileAsync(string to, string path) =>
        DeliverAsync(_client.SendFileAsync(to, path, null, CancellationToken.None));

    public async Task<string?> NodeAsync() => (await _client.GetStatusAsync(CancellationToken.None)).Node;

    /// <summary>The texts of the next messages, in the order in which they came.</summary>
    public string[] ReceiveTexts(int count) => [.. Receive(count).Select(received => received.Item.Text!)];

    /// <summary>The file of the next message.</summary>
    public string ReceiveFile() => Receive(1)[0].File!;

    /// <summary>Nothing more has come than what was taken.</summary>
    public void AssertNothingLeft() => Assert.Empty(_received);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Signal(15);
            await _process.WaitAsync();
        }

        await _stop.CancelAsync();
        await _listening;
        await _client.DisposeAsync();
        await _process.DisposeAsync();
        _received.Dispose();
        _stop.Dispose();
    }

    private static async Task DeliverAsync(Task<AgentMessage> storing)
    {
        AgentMessage message = await storing;
        await message.Delivered.WaitAsync(Patience);
    }

    private (AgentReply Item, string? File)[] Receive(int count)
    {
        (AgentReply Item, string? File)[] items = new (AgentReply, string?)[count];
        for (int i = 0; i < count; i++)
        {
            Assert.True(_received.TryTake(out items[i], Patience), $"{i} of {count} messages came. {_process}");
        }

        return items;
    }

    private async Task ListenAsync()
    {
        try
        {
            await foreach (AgentReply item in _client.SubscribeAsync(_stop.Token))
            {
                string? file = item.FileName is null ? null : Path.Combine(_account.Home, item.MessageId!);
                if (file is not null)
                {
                    await _client.DownloadAsync(item.Item!, file, null, _stop.Token);
                }

                _received.Add((item, file));
                await _client.MarkAsync(item.Item!, _stop.Token);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or ClientException)
        {
            // The agent ended; who still waits for a message says so.
        }
    }
}
