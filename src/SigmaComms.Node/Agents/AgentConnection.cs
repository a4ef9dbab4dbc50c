using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Agents;

/// <summary>The asking side of the agent's protocol: requests with replies, and events, as lines of JSON.</summary>
internal sealed class AgentConnection : IAsyncDisposable
{
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly LineWriter _writer;
    private readonly TimeProvider _time;
    private readonly Func<ValueTask> _close;
    private readonly Channel<AgentEvent> _events = Channel.CreateUnbounded<AgentEvent>();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _pending = new();
    private readonly Task _reading;
    private int _lastRequest;

    /// <summary>Takes over two streams.</summary>
    /// <param name="input">What the agent writes.</param>
    /// <param name="output">What the agent reads.</param>
    /// <param name="time">The clock.</param>
    /// <param name="close">Called when the streams are closed.</param>
    public AgentConnection(Stream input, Stream output, TimeProvider time, Func<ValueTask> close)
    {
        _input = input;
        _output = output;
        _writer = new LineWriter(output);
        _time = time;
        _close = close;
        _reading = ReadAsync();
    }

    /// <summary>What the agent tells without being asked; ends with the connection.</summary>
    public ChannelReader<AgentEvent> Events => _events.Reader;

    /// <summary>Asks for one thing and awaits the reply.</summary>
    /// <param name="verb">What to do.</param>
    /// <param name="fields">Writes the arguments.</param>
    /// <param name="stop">Gives up the wait.</param>
    /// <exception cref="CommandException">The agent refused or is gone.</exception>
    public async Task<JsonElement> RequestAsync(string verb, Action<Utf8JsonWriter> fields, CancellationToken stop)
    {
        int id = Interlocked.Increment(ref _lastRequest);
        TaskCompletionSource<JsonElement> reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[id] = reply;
        try
        {
            await _writer.WriteAsync(writer =>
            {
                writer.WriteNumber("id", id);
                writer.WriteString("do", verb);
                fields(writer);
            });
            if (_reading.IsCompleted)
            {
                throw Gone();
            }

            return await reply.Task.WaitAsync(stop);
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException)
        {
            throw Gone();
        }
        finally
        {
            _pending.TryRemove(id, out _);
        }
    }

    /// <summary>Asks for one thing without arguments.</summary>
    public Task<JsonElement> RequestAsync(string verb, CancellationToken stop) => RequestAsync(verb, _ => { }, stop);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _output.DisposeAsync();
        await _close();
        await _input.DisposeAsync();
        await _reading;
        _writer.Dispose();
    }

    private static CommandException Gone() => new(
        ExitCode.Failure, "the agent does not answer", "it ended", "start it again: sigma agent");

    private async Task ReadAsync()
    {
        try
        {
            using StreamReader reader = new(_input, Encoding.UTF8, leaveOpen: true);
            while (await reader.ReadLineAsync() is string line)
            {
                long at = _time.GetTimestamp();
                using JsonDocument document = JsonDocument.Parse(line);
                Accept(document.RootElement.Clone(), at);
            }
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or JsonException)
        {
            // The end of the connection is told to whoever waits, below.
        }

        _events.Writer.TryComplete();
        foreach (TaskCompletionSource<JsonElement> reply in _pending.Values)
        {
            reply.TrySetException(Gone());
        }
    }

    private void Accept(JsonElement line, long at)
    {
        if (line.TryGetProperty("event", out JsonElement name))
        {
            _events.Writer.TryWrite(new AgentEvent(name.GetString()!, line, at));
        }
        else if (line.TryGetProperty("reply", out JsonElement id)
            && _pending.TryGetValue(id.GetInt32(), out TaskCompletionSource<JsonElement>? reply))
        {
            if (line.TryGetProperty("error", out JsonElement error))
            {
                reply.TrySetException(FaultJson.Read(error));
            }
            else
            {
                reply.TrySetResult(line);
            }
        }
    }
}
