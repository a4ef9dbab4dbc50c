using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests.Clusters;

/// <summary>A running sigma agent --stdio and what it has told.</summary>
internal sealed class Agent : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly SigmaProcess _process;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _pending = new();
    private readonly BlockingCollection<JsonElement> _received = [];
    private readonly Task _reading;
    private int _lastRequest;

    private Agent(SigmaProcess process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    public static async Task<Agent> StartAsync(Account account, string node)
    {
        Agent agent = new(account.Start("agent", "--stdio", "--node", node));
        try
        {
            await agent.RequestAsync("\"do\":\"ready\"");
            await agent.RequestAsync("\"do\":\"listen\"");
            return agent;
        }
        catch
        {
            await agent.DisposeAsync();
            throw;
        }
    }

    public Task<JsonElement> SendAsync(string to, string text, string until) => RequestAsync(
        $"\"do\":\"send\",\"to\":\"{to}\",\"text\":{JsonSerializer.Serialize(text)},\"until\":\"{until}\"");

    public Task<JsonElement> SendFileAsync(string to, string path, string until) => RequestAsync(
        $"\"do\":\"send\",\"to\":\"{to}\",\"file\":{JsonSerializer.Serialize(path)},\"until\":\"{until}\"");

    public async Task<string> NodeAsync()
    {
        JsonElement status = await RequestAsync("\"do\":\"ready\"");
        return status.GetProperty("node").GetString()!;
    }

    public async Task<JsonElement> RequestAsync(string fields)
    {
        int id = Interlocked.Increment(ref _lastRequest);
        TaskCompletionSource<JsonElement> reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[id] = reply;
        await _process.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{{\"id\":{id},{fields}}}"));
        return await reply.Task.WaitAsync(Patience);
    }

    /// <summary>The next messages, in the order in which they came.</summary>
    public JsonElement[] Receive(int count)
    {
        JsonElement[] items = new JsonElement[count];
        for (int i = 0; i < count; i++)
        {
            Assert.True(_received.TryTake(out items[i], Patience), $"{i} of {count} messages came. {_process}");
        }

        return items;
    }

    /// <summary>The texts of the next messages.</summary>
    public string[] ReceiveTexts(int count) =>
        [.. Receive(count).Select(line => line.GetProperty("text").GetString()!)];

    /// <summary>Nothing more has come than what was taken.</summary>
    public void AssertNothingLeft() => Assert.Empty(_received);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.CloseInput();
            await _process.WaitAsync();
        }

        await _reading;
        await _process.DisposeAsync();
        _received.Dispose();
    }

    private async Task ReadAsync()
    {
        await foreach (string line in _process.LinesAsync())
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement.Clone();
            if (root.TryGetProperty("event", out JsonElement name))
            {
                if (name.GetString() == "received")
                {
                    _received.Add(root);
                }
            }
            else if (_pending.TryRemove(root.GetProperty("reply").GetInt32(), out var reply))
            {
                if (root.TryGetProperty("error", out JsonElement error))
                {
                    reply.TrySetException(new InvalidOperationException(error.ToString()));
                }
                else
                {
                    reply.TrySetResult(root);
                }
            }
        }

        foreach (TaskCompletionSource<JsonElement> reply in _pending.Values)
        {
            reply.TrySetException(new InvalidOperationException($"The agent ended. {_process}"));
        }
    }
}
