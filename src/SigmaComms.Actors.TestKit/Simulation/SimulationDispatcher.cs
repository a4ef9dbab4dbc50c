using SigmaComms.Actors.Scheduling;
using SigmaComms.Actors.TestKit.Exploration;

namespace SigmaComms.Actors.TestKit.Simulation;

/// <summary>
/// All turns on the thread that calls <see cref="RunUntilIdle"/>: in the order they became due, or in the order that
/// an explored run decides. What goes on after an await comes back to that thread as a step of its own.
/// </summary>
internal sealed class SimulationDispatcher : IDispatcher
{
    private readonly Queue<SimulationStep> _arrived = new();
    private readonly List<SimulationStep> _due = [];
    private readonly Dictionary<ActorCell, StepContext> _contexts = [];
    private readonly object _gate = new();
    private ForeignThreadException? _foreign;

    public SimulationDispatcher() => RootContext = new StepContext(this, owner: null);

    /// <summary>The context of what no actor owns.</summary>
    public SynchronizationContext RootContext { get; }

    /// <summary>Decides which step is next; null for the order in which they became due.</summary>
    public ExploredRun? Order { get; set; }

    /// <summary>The only thread that may add steps, or null for any.</summary>
    public int? OnlyThread { get; set; }

    public void Schedule(ActorCell cell) => Add(new SimulationStep(cell, null, null));

    public void ScheduleLater(ActorCell cell) => Schedule(cell);

    public void Add(SimulationStep step)
    {
        lock (_gate)
        {
            if (OnlyThread is { } only && only != Environment.CurrentManagedThreadId)
            {
                _foreign ??= new ForeignThreadException(
                    $"{step.Owner?.Path.Elements ?? "The simulation"} was reached from a thread that is not the "
                    + "simulation's. From there: " + Environment.StackTrace);
                Monitor.PulseAll(_gate);
                return;
            }

            _arrived.Enqueue(step);
        }
    }

    /// <summary>Runs steps until none is due. Returns how many ran.</summary>
    /// <exception cref="ForeignThreadException">Another thread reached in, where that is not allowed.</exception>
    public int RunUntilIdle()
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        try
        {
            int steps = 0;
            while (TryNext(out SimulationStep next))
            {
                SynchronizationContext.SetSynchronizationContext(ContextOf(next.Owner));
                Order?.Began(next);
                next.Run();
                Order?.Ended(next);
                steps++;
            }

            return steps;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>Fails if another thread reached in.</summary>
    public void ThrowIfForeign()
    {
        lock (_gate)
        {
            if (_foreign is { } foreign)
            {
                // Once: the test has seen it, and the system must still be able to end.
                _foreign = null;
                OnlyThread = null;
                throw foreign;
            }
        }
    }

    /// <summary>Fails if another thread reaches in within a time of the machine's clock.</summary>
    public void LookForForeign(TimeSpan within)
    {
        lock (_gate)
        {
            if (_foreign is null)
            {
                Monitor.Wait(_gate, within);
            }
        }

        ThrowIfForeign();
    }

    private bool TryNext(out SimulationStep next)
    {
        ThrowIfForeign();
        if (Order is null && _due.Count == 0)
        {
            lock (_gate)
            {
                return _arrived.TryDequeue(out next);
            }
        }

        CollectDue();
        while (_due.Count > 0)
        {
            int index = Order?.Choose(_due) ?? 0;
            if (index < _due.Count)
            {
                next = _due[index];
                _due.RemoveAt(index);
                return true;
            }

            SynchronizationContext.SetSynchronizationContext(RootContext);
            Order!.MoveClock();
            CollectDue();
        }

        next = default;
        return false;
    }

    private void CollectDue()
    {
        lock (_gate)
        {
            while (_arrived.TryDequeue(out SimulationStep arrived))
            {
                _due.Add(arrived);
            }
        }
    }

    // In the usual order one context serves all; where there is a choice, it matters whose step it is.
    private SynchronizationContext ContextOf(ActorCell? owner)
    {
        if (owner is null || Order is null)
        {
            return RootContext;
        }

        if (!_contexts.TryGetValue(owner, out StepContext? context))
        {
            context = new StepContext(this, owner);
            _contexts.Add(owner, context);
        }

        return context;
    }
}
