using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SigmaComms.Node.Agents;
using SigmaComms.Node.Processes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Demo;

/// <summary>One client process, sigma agent --stdio, driven by lines of JSON as any program could.</summary>
internal sealed class AgentProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly TimeProvider _time;
    private readonly AgentConnection _connection;
    private readonly Lock _lock = new();
    private readonly List<ReceivedMessage> _received = [];
    private readonly StringBuilder _notes = new();
    private readonly Task _listening;
    private readonly Task _noting;
    private TaskCompletionSource _arrival = NewSignal();

    private AgentProcess(string identity, Process process, TimeProvider time)
    {
        Identity = identity;
        _process = process;
        _time = time;
        _connection = new AgentConnection(
            process.StandardOutput.BaseStream, process.StandardInput.BaseStream, time, WaitForEndAsync);
        _listening = ListenAsync();
        _noting = NoteAsync();
    }

    /// <summary>Whose client it is.</summary>
    public string Identity { get; }

    /// <summary>Starts the process, waits until it is connected and known to the cluster, and listens.</summary>
    /// <param name="account">Whose client, with its folder and password.</param>
    /// <param name="node">Name of the node to try first.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<AgentProcess> StartAsync(
        DemoAccount account, string node, TimeProvider time, CancellationToken stop)
    {
        Process process = SelfProcess.Start(account.Environment, ["agent", "--stdio", "--quiet", "--node", node]);
        AgentProcess agent = new(account.Name, process, time);
        try
        {
            await agent.RequestAsync("ready", _ => { }, stop);
            await agent.RequestAsync(
                "listen", writer => writer.WriteString("saveTo", Path.Combine(account.Home, "received")), stop);
            return agent;
        }
        catch
        {
            await agent.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks for one thing and awaits the reply.</summary>
    /// <param name="verb">What to do.</param>
    /// <param name="fields">Writes the arguments.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="CommandException">The agent refused, ended, or did not reply in time.</exception>
    public async Task<JsonElement> RequestAsync(string verb, Action<Utf8JsonWriter> fields, CancellationToken stop)
    {
        try
        {
            return await _connection.RequestAsync(verb, fields, stop).WaitAsync(Patience, _time, stop);
        }
        catch (TimeoutException)
        {
            throw Fault($"did not answer to {verb} in {Patience.TotalSeconds} s");
        }
        catch (CommandException fault)
        {
            throw Fault($"could not {verb}: {fault.What}: {fault.Why}");
        }
    }

    /// <summary>Sends a text and awaits the state.</summary>
    public Task<JsonElement> SendAsync(string to, string text, string until, CancellationToken stop) => RequestAsync(
        "send",
        writer =>
        {
            writer.WriteString("to", to);
            writer.WriteString("text", text);
            writer.WriteString("until", until);
        },
        stop);

    /// <summary>Waits until this many messages have come since the start.</summary>
    /// <returns>All of them, in the order in which they came.</returns>
    public async Task<IReadOnlyList<ReceivedMessage>> WaitReceivedAsync(int count, CancellationToken stop)
    {
        long start = _time.GetTimestamp();
        while (true)
        {
            Task arrival;
            lock (_lock)
            {
                if (_received.Count >= count)
                {
                    return [.. _received];
                }

                arrival = _arrival.Task;
            }

            TimeSpan left = Patience - _time.GetElapsedTime(start);
            try
            {
                await arrival.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time, stop);
            }
            catch (TimeoutException)
            {
                throw Fault($"has received {_received.Count} messages, wanted are {count}");
            }
        }
    }

    /// <summary>Ends it as a user would: its outbox and inbox stay on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await Task.WhenAll(_listening, _noting);
        _process.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async ValueTask WaitForEndAsync()
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(15), _time);
        }
        catch (TimeoutException)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
    }

    private async Task ListenAsync()
    {
        await foreach (AgentEvent told in _connection.Events.ReadAllAsync())
        {
            if (told.Name == "received")
            {
                lock (_lock)
                {
                    _received.Add(ReceivedMessage.Read(told.Line, told.At));
                    _arrival.TrySetResult();
                    _arrival = NewSignal();
                }
            }
        }
    }

    private async Task NoteAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is string line)
        {
            lock (_notes)
            {
                _notes.Append(CultureInfo.InvariantCulture, $"\n        {line}");
            }
        }
    }

    private CommandException Fault(string why)
    {
        lock (_notes)
        {
            return new CommandException(
                ExitCode.Failure,
                $"the client of {Identity} failed",
                $"it {why}{_notes}",
                "run the demo with --keep and read the logs of the nodes");
        }
    }
}
