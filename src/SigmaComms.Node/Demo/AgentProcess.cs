using System.Diagnostics;
using System.Globalization;
using System.Text;
using SigmaComms.Client;
using SigmaComms.Client.Agent;
using SigmaComms.Node.Agents;
using SigmaComms.Node.Processes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Demo;

/// <summary>One client process, sigma agent, driven over its socket as sigma's own commands do.</summary>
internal sealed class AgentProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(15);

    private readonly DemoAccount _account;
    private readonly Process _process;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<ReceivedMessage> _received = [];
    private readonly StringBuilder _notes = new();
    private readonly Task _noting;
    private TaskCompletionSource _arrival = NewSignal();
    private AgentClient? _agent;
    private Task _listening = Task.CompletedTask;
    private bool _disposed;

    private AgentProcess(DemoAccount account, Process process, TimeProvider time)
    {
        _account = account;
        _process = process;
        _time = time;
        _noting = NoteAsync();
    }

    /// <summary>Whose client it is.</summary>
    public string Identity => _account.Name;

    /// <summary>Its process.</summary>
    public int ProcessId => _process.Id;

    private AgentClient Client => _agent ?? throw Fault("is not connected");

    /// <summary>Starts the process, waits until it is connected and known to the cluster, and listens.</summary>
    /// <param name="account">Whose client, with its folder and password.</param>
    /// <param name="node">Name of the node to try first.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<AgentProcess> StartAsync(
        DemoAccount account, string node, TimeProvider time, CancellationToken stop)
    {
        Process process = SelfProcess.Start(account.Environment, ["agent", "--json", "--quiet", "--node", node]);
        AgentProcess agent = new(account, process, time);
        try
        {
            await agent.ConnectAsync(stop);
            return agent;
        }
        catch
        {
            await agent.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a text and waits until the recipient has it.</summary>
    public Task SendAsync(string to, string text, CancellationToken stop) =>
        DeliverAsync(Client.SendTextAsync(to, text, stop), stop);

    /// <summary>Sends a text and waits until two nodes keep it.</summary>
    public async Task SendToClusterAsync(string to, string text, CancellationToken stop)
    {
        AgentMessage message = await Client.SendTextAsync(to, text, stop);
        await Within(message.Accepted, "get the message accepted", stop);
    }

    /// <summary>Sends a file and waits until the recipient has the message with its key.</summary>
    public Task SendFileAsync(string to, string path, CancellationToken stop) =>
        DeliverAsync(Client.SendFileAsync(to, path, null, stop), stop);

    /// <summary>How the client is doing.</summary>
    public Task<AgentStatus> StatusAsync(CancellationToken stop) => Client.GetStatusAsync(stop);

    /// <summary>What it shows for a peer.</summary>
    public Task<string> SafetyNumberAsync(string peer, CancellationToken stop) =>
        Client.GetSafetyNumberAsync(peer, stop);

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

    /// <summary>Ends it as a user would: its outbox and inbox stay on disk. May be called twice.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await StopAgentAsync();
        await _stop.CancelAsync();
        await _listening;
        await (_agent?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _noting;
        _process.Dispose();
        _stop.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task ConnectAsync(CancellationToken stop)
    {
        string? ready = await _process.StandardOutput.ReadLineAsync(stop).AsTask().WaitAsync(Patience, _time, stop);
        _agent = ready is null ? null : await AgentClient.TryConnectAsync(_account.Socket, stop);
        if (_agent is null)
        {
            await _process.WaitForExitAsync(stop).WaitAsync(StopPatience, _time, stop);
            throw Fault("did not start");
        }

        _listening = ListenAsync(_agent);
    }

    private async Task DeliverAsync(Task<AgentMessage> storing, CancellationToken stop)
    {
        AgentMessage message = await storing;
        await Within(message.Delivered, "get the message delivered", stop);
    }

    private async Task Within(Task task, string what, CancellationToken stop)
    {
        try
        {
            await task.WaitAsync(Patience, _time, stop);
        }
        catch (TimeoutException)
        {
            throw Fault($"could not {what} in {Patience.TotalSeconds} s");
        }
    }

    private async Task StopAgentAsync()
    {
        try
        {
            if (_agent is not null && !_process.HasExited)
            {
                await _agent.StopAsync(CancellationToken.None).WaitAsync(StopPatience, _time, CancellationToken.None);
            }
        }
        catch (Exception fault) when (fault is TimeoutException or ClientException)
        {
            // It is ending, or does not listen; what comes now does not need its help.
        }

        try
        {
            ProcessRecord.Of(_process.Id)?.SendTerminate();
            await _process.WaitForExitAsync(CancellationToken.None)
                .WaitAsync(StopPatience, _time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private async Task ListenAsync(AgentClient agent)
    {
        try
        {
            await foreach (AgentReply item in agent.SubscribeAsync(_stop.Token))
            {
                long at = _time.GetTimestamp();
                ReceivedItem taken = await ReceivedItem.TakeAsync(agent, item, _account.FilesFolder, _stop.Token);
                at = item.FileName is null ? at : _time.GetTimestamp();
                lock (_lock)
                {
                    _received.Add(new ReceivedMessage(item.Text, taken.File, at));
                    _arrival.TrySetResult();
                    _arrival = NewSignal();
                }

                await agent.MarkAsync(item.Item!, _stop.Token);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or ClientException)
        {
            // The agent ends; whoever still waits for a message finds out by its time-out.
        }
    }

    private async Task NoteAsync()
    {
        while (await _process.StandardError.ReadLineAsync(CancellationToken.None) is string line)
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
