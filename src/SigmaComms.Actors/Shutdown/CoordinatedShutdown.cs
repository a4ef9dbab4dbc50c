namespace SigmaComms.Actors.Shutdown;

/// <summary>
/// Ends a system in phases, one after the other: the tasks of a phase run at the same time, and the next phase begins
/// when they have ended or the phase's time is over. A failure is reported and stops nothing.
/// </summary>
/// <remarks>Safe to call from any thread.</remarks>
public sealed class CoordinatedShutdown
{
    private readonly ActorSystem _system;
    private readonly ShutdownPhase[] _phases;
    private readonly List<ShutdownTask> _tasks = [];
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _actorsEnded = new();
    private Task<ShutdownReport>? _running;
    private int _phase = -1;

    internal CoordinatedShutdown(ActorSystem system, IEnumerable<ShutdownPhase> phases)
    {
        _system = system;
        _phases = [.. phases];
    }

    /// <summary>Why it was begun, or null as long as it was not.</summary>
    public string? Reason { get; private set; }

    /// <summary>The longest that all phases together can take.</summary>
    public TimeSpan TotalTimeout => _phases.Aggregate(TimeSpan.Zero, static (sum, phase) => sum + phase.Timeout);

    /// <summary>Adds something to do in a phase that has not begun.</summary>
    /// <param name="phase">The phase's name.</param>
    /// <param name="name">For logs and reports.</param>
    /// <param name="work">Gets a token that ends when the phase's time is over.</param>
    /// <returns>Takes the task back, if it has not begun.</returns>
    /// <exception cref="ArgumentException">There is no such phase, or it is the system's own.</exception>
    /// <exception cref="InvalidOperationException">The phase has begun.</exception>
    public IDisposable AddTask(string phase, string name, Func<CancellationToken, ValueTask> work)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(work);
        int index = Array.FindIndex(_phases, known => known.Name == phase);
        if (index < 0 || IsOwn(_phases[index]))
        {
            throw new ArgumentException($"'{phase}' is no phase for tasks of others.", nameof(phase));
        }

        ShutdownTask task = new(this, phase, name, work);
        lock (_gate)
        {
            if (index <= _phase)
            {
                throw new InvalidOperationException($"Phase '{phase}' has begun; '{name}' comes too late.");
            }

            _tasks.Add(task);
        }

        return task;
    }

    /// <summary>Runs all phases. Runs once: a later call gets the same outcome, and the first reason stays.</summary>
    /// <param name="reason">For logs and the report.</param>
    public Task<ShutdownReport> RunAsync(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        TaskCompletionSource<ShutdownReport> done;
        lock (_gate)
        {
            if (_running is not null)
            {
                return _running;
            }

            Reason = reason;
            done = new TaskCompletionSource<ShutdownReport>(TaskCreationOptions.RunContinuationsAsynchronously);
            _running = done.Task;
        }

        if (_system.Dispatcher is SynchronizationContext simulation)
        {
            simulation.Post(_ => _ = RunPhasesAsync(reason, done), null);
        }
        else
        {
            _ = RunPhasesAsync(reason, done);
        }

        return done.Task;
    }

    internal static void Validate(IList<ShutdownPhase> phases)
    {
        ArgumentNullException.ThrowIfNull(phases);
        if (phases.Count(IsOwn) != 1 || phases.DistinctBy(static phase => phase.Name).Count() != phases.Count
            || phases.Any(static phase => phase.Timeout <= TimeSpan.Zero || string.IsNullOrWhiteSpace(phase.Name)))
        {
            throw new ArgumentException(
                "Shutdown phases have different names and time-outs above zero, and one of them is 'stop-actors'.",
                nameof(phases));
        }
    }

    internal void ActorsEnded() => _actorsEnded.TrySetResult();

    internal void Remove(ShutdownTask task)
    {
        lock (_gate)
        {
            _tasks.Remove(task);
        }
    }

    private static bool IsOwn(ShutdownPhase phase) => phase.Name == ShutdownPhase.StopActors.Name;

    private async Task RunPhasesAsync(string reason, TaskCompletionSource<ShutdownReport> done)
    {
        List<ShutdownPhaseReport> reports = [];
        foreach (ShutdownPhase phase in _phases)
        {
            ShutdownTask[] tasks = Begin(phase);
            if (tasks.Length > 0)
            {
                reports.Add(await RunPhaseAsync(phase, tasks));
            }
        }

        _system.ShutdownEnded();
        done.SetResult(new ShutdownReport(reason, reports));
    }

    private ShutdownTask[] Begin(ShutdownPhase phase)
    {
        lock (_gate)
        {
            _phase++;

            // Under the lock: others add to later phases and take back meanwhile.
            return IsOwn(phase)
                ? [new ShutdownTask(this, phase.Name, "actors", _ => StopActorsAsync())]
                : [.. _tasks.Where(task => task.Phase == phase.Name)];
        }
    }

    private ValueTask StopActorsAsync()
    {
        _system.StopRoot();
        return new ValueTask(_actorsEnded.Task);
    }

    private async Task<ShutdownPhaseReport> RunPhaseAsync(ShutdownPhase phase, ShutdownTask[] tasks)
    {
        long began = _system.Time.GetTimestamp();
        using CancellationTokenSource over = new();
        Dictionary<string, Task> running = [];
        foreach (ShutdownTask task in tasks)
        {
            running[running.ContainsKey(task.Name) ? $"{task.Name} ({running.Count})" : task.Name] =
                task.RunAsync(over.Token);
        }

        try
        {
            await Task.WhenAll(running.Values).WaitAsync(phase.Timeout, _system.Time, CancellationToken.None);
        }
        catch (Exception)
        {
            // Each task's own outcome is looked at below.
        }

        ShutdownPhaseReport report = new(
            phase.Name,
            _system.Time.GetElapsedTime(began),
            [.. running.Where(static pair => !pair.Value.IsCompleted).Select(static pair => pair.Key)],
            running.Where(static pair => pair.Value is { IsCompleted: true, IsCompletedSuccessfully: false })
                .ToDictionary(static pair => pair.Key, static pair => Describe(pair.Value)));
        foreach (string name in report.TimedOut)
        {
            _system.Logger.ShutdownTaskLate(name, phase.Name);
        }

        foreach ((string name, string failure) in report.Failed)
        {
            _system.Logger.ShutdownTaskFailed(name, phase.Name, failure);
        }

        Cancel(over, phase);
        return report;
    }

    private void Cancel(CancellationTokenSource over, ShutdownPhase phase)
    {
        try
        {
            over.Cancel();
        }
        catch (AggregateException failure)
        {
            _system.Logger.ShutdownTaskFailed("cancellation", phase.Name, Describe(failure));
        }
    }

    private static string Describe(Exception failure) => $"{failure.GetType().Name}: {failure.Message}";

    private static string Describe(Task task) => task.Exception?.InnerException is { } failure
        ? Describe(failure)
        : nameof(OperationCanceledException);
}
