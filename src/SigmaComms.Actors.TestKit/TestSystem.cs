using SigmaComms.Actors.TestKit.Exploration;
using SigmaComms.Actors.TestKit.Logs;
using SigmaComms.Actors.TestKit.Simulation;

namespace SigmaComms.Actors.TestKit;

/// <summary>
/// An actor system on virtual time. All turns run on the test's own thread, one message each, in one order, inside
/// <see cref="RunUntilIdle"/>; so nothing has to be waited for.
/// </summary>
public sealed class TestSystem : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AwaitMax = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AssertEvery = TimeSpan.FromMilliseconds(100);

    private readonly SimulationDispatcher _dispatcher = new();
    private readonly TestLog _log;
    private DateTimeOffset? _blockEnd;
    private int _probes;

    /// <summary>Starts an empty system.</summary>
    /// <param name="configure">Changes the settings, or null.</param>
    public TestSystem(Action<ActorSystemOptions>? configure = null)
        : this(configure, seed: 0, explore: null)
    {
    }

    internal TestSystem(
        Action<ActorSystemOptions>? configure, ulong seed, Func<VirtualTime, ExploredRun>? explore)
    {
        ActorSystemOptions options = new() { Time = Time, Throughput = 1 };
        configure?.Invoke(options);
        Time = (VirtualTime)options.Time;
        Seed = seed;
        _log = new TestLog(options.Logger);
        options.Logger = _log;
        if (explore is not null)
        {
            RequiresOneThread = true;
            _dispatcher.Order = explore(Time);
        }

        System = new ActorSystem("test", options, _dispatcher);
        EventFilter = new EventFilters(this, _log);
    }

    /// <summary>The system.</summary>
    public ActorSystem System { get; }

    /// <summary>Its clock.</summary>
    public VirtualTime Time { get; } = new();

    /// <summary>For what is random in an explored scenario: the same for the same run. Otherwise 0.</summary>
    public ulong Seed { get; }

    /// <summary>Expectations about what is logged.</summary>
    public EventFilters EventFilter { get; }

    /// <summary>
    /// Whether all must happen on the thread that sets this: if another one reaches an actor, the next run of turns
    /// fails. Always so in an explored scenario; otherwise not, unless set.
    /// </summary>
    public bool RequiresOneThread
    {
        get => _dispatcher.OnlyThread is not null;
        set => _dispatcher.OnlyThread = value ? Environment.CurrentManagedThreadId : null;
    }

    /// <summary>Makes an actor and lets it start.</summary>
    /// <param name="props">Its recipe.</param>
    /// <param name="name">Its name, or null.</param>
    public IActorRef ActorOf(Props props, string? name = null)
    {
        IActorRef actor = System.ActorOf(props, name);
        RunUntilIdle();
        return actor;
    }

    /// <summary>An actor that records what it gets.</summary>
    /// <param name="name">Its name, or null.</param>
    public TestProbe CreateProbe(string? name = null) => new(this, name ?? $"probe-{++_probes}");

    /// <summary>Runs turns until none is due.</summary>
    /// <returns>How many ran.</returns>
    /// <exception cref="ForeignThreadException">
    /// Another thread reached an actor, and that is not allowed here.
    /// </exception>
    public int RunUntilIdle() => _dispatcher.RunUntilIdle();

    /// <summary>Moves the clock from timer to timer; all that follows from one happens before the next.</summary>
    /// <param name="by">How far.</param>
    public void Advance(TimeSpan by) => AdvanceUntil(static () => false, by);

    /// <summary>Runs turns, and moves the clock where needed, until the task has ended.</summary>
    /// <typeparam name="T">Type of its result.</typeparam>
    /// <param name="task">What to wait for.</param>
    /// <param name="limit">How far the clock may move at most. Default: a minute.</param>
    /// <exception cref="TimeoutException">The clock reached the limit first.</exception>
    public T Await<T>(Task<T> task, TimeSpan? limit = null)
    {
        AwaitEnd(task, limit ?? AwaitMax);
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Runs turns, and moves the clock where needed, until the task has ended.</summary>
    /// <param name="task">What to wait for.</param>
    /// <param name="limit">How far the clock may move at most. Default: a minute.</param>
    /// <exception cref="TimeoutException">The clock reached the limit first.</exception>
    public void Await(Task task, TimeSpan? limit = null)
    {
        AwaitEnd(task, limit ?? AwaitMax);
        task.GetAwaiter().GetResult();
    }

    /// <summary>Runs turns, and moves the clock where needed, until the condition holds.</summary>
    /// <param name="condition">What to wait for.</param>
    /// <param name="max">How far the clock may move at most. Default: what is left of the block, or 3 s.</param>
    /// <exception cref="ProbeException">The clock reached the limit first.</exception>
    public void AwaitCondition(Func<bool> condition, TimeSpan? max = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        TimeSpan limit = LimitOf(max);
        if (!AdvanceUntil(condition, limit, AssertEvery))
        {
            throw new ProbeException($"The condition did not hold within {limit} of virtual time.");
        }
    }

    /// <summary>Runs turns, and moves the clock where needed, until the assertion does not throw any more.</summary>
    /// <param name="assertion">What must hold in the end.</param>
    /// <param name="max">How far the clock may move at most. Default: what is left of the block, or 3 s.</param>
    /// <exception cref="ProbeException">The clock reached the limit first; the last failure is inside.</exception>
    public void AwaitAssert(Action assertion, TimeSpan? max = null)
    {
        ArgumentNullException.ThrowIfNull(assertion);
        Exception? last = null;
        TimeSpan limit = LimitOf(max);
        if (!AdvanceUntil(() => (last = FailureOf(assertion)) is null, limit, AssertEvery))
        {
            throw new ProbeException($"It still failed after {limit} of virtual time: {last!.Message}", last);
        }
    }

    /// <summary>Runs a block of a test that must not take longer; the waits inside have what is left of it.</summary>
    /// <param name="max">How far the clock may move.</param>
    /// <param name="block">The block.</param>
    public void Within(TimeSpan max, Action block) => Within(TimeSpan.Zero, max, block);

    /// <summary>Runs a block of a test that must take so long; the waits inside have what is left of it.</summary>
    /// <param name="min">How far the clock must move at least.</param>
    /// <param name="max">How far it may move.</param>
    /// <param name="block">The block.</param>
    /// <exception cref="ProbeException">It took less or more.</exception>
    public void Within(TimeSpan min, TimeSpan max, Action block)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, min);
        DateTimeOffset began = Time.GetUtcNow();
        DateTimeOffset? outer = _blockEnd;
        _blockEnd = outer < began + max ? outer : began + max;
        try
        {
            block();
        }
        finally
        {
            _blockEnd = outer;
        }

        TimeSpan took = Time.GetUtcNow() - began;
        if (took < min || took > max)
        {
            throw new ProbeException($"The block took {took} of virtual time, not from {min} to {max}.");
        }
    }

    /// <summary>Stops the system.</summary>
    public ValueTask DisposeAsync()
    {
        RequiresOneThread = false;
        Task<bool> ended = System.Terminate(AwaitMax);
        RunUntilIdle();
        Advance(AwaitMax);
        return new ValueTask(ended);
    }

    /// <summary>What is left of the block that runs, or the given time.</summary>
    internal TimeSpan Remaining(TimeSpan otherwise)
    {
        TimeSpan? left = _blockEnd - Time.GetUtcNow();
        return left is null ? otherwise : left > TimeSpan.Zero ? left.Value : TimeSpan.Zero;
    }

    /// <summary>Moves the clock from timer to timer until the condition holds.</summary>
    /// <param name="holds">Looked at whenever nothing is due.</param>
    /// <param name="within">How far the clock moves at most.</param>
    /// <param name="step">How far it moves at once at most, or null for as far as the next timer.</param>
    /// <returns>Whether it holds.</returns>
    internal bool AdvanceUntil(Func<bool> holds, TimeSpan within, TimeSpan? step = null)
    {
        RunUntilIdle();
        DateTimeOffset end = Time.GetUtcNow() + within;
        while (!holds())
        {
            TimeSpan left = end - Time.GetUtcNow();

            // Read once: where other threads are allowed, one may take its timer away at any moment.
            TimeSpan? due = Time.UntilNext;
            if (left <= TimeSpan.Zero && (due is null || due > TimeSpan.Zero))
            {
                return false;
            }

            TimeSpan next = due < left ? due.Value : left;
            MoveClock(step < next ? step.Value : next);
            RunUntilIdle();
        }

        return true;
    }

    /// <summary>Runs a whole scenario: what it awaits comes back as steps.</summary>
    internal void RunInside(Action scenario)
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_dispatcher.RootContext);
        try
        {
            scenario();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    internal void LookForForeignThreads(TimeSpan within) => _dispatcher.LookForForeign(within);

    /// <summary>Lets all actors end, in the usual order: the run is over.</summary>
    internal void Discard()
    {
        _dispatcher.Order = null;
        RequiresOneThread = false;
        Task<bool> ended = System.Terminate(AwaitMax);
        RunUntilIdle();
        if (!ended.IsCompleted)
        {
            Advance(AwaitMax);
        }
    }

    private static Exception? FailureOf(Action assertion)
    {
        try
        {
            assertion();
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    private TimeSpan LimitOf(TimeSpan? max) => max ?? Remaining(WaitMax);

    // What a timer's callback begins and awaits comes back here too.
    private void MoveClock(TimeSpan by)
    {
        if (by > TimeSpan.Zero)
        {
            _dispatcher.Order?.NoteClock(by);
        }

        RunInside(() => Time.Advance(by));
    }

    private void AwaitEnd(Task task, TimeSpan limit)
    {
        DateTimeOffset end = Time.GetUtcNow() + limit;
        RunUntilIdle();
        while (!Settled(task))
        {
            if (Time.UntilNext is { } next && Time.GetUtcNow() + next <= end)
            {
                MoveClock(next);
                RunUntilIdle();
            }
            else if (!EndsWithoutTheClock(task))
            {
                throw new TimeoutException($"The task was still running after {limit} of virtual time.");
            }
        }
    }

    // A continuation may still be on its way through the thread pool; give it a moment of real time. How long that is
    // on a busy machine tells what is sent through the pool behind it. Where only one thread may run, none is.
    private bool Settled(Task task)
    {
        for (int i = 0; i < 50 && !task.IsCompleted && !RequiresOneThread; i++)
        {
            PassThroughPool();
            ((IAsyncResult)task).AsyncWaitHandle.WaitOne(TimeSpan.FromMilliseconds(i < 5 ? 0 : 1));
            RunUntilIdle();
        }

        return task.IsCompleted;
    }

    // No timer is left that could end it, so nothing is spoilt by patience.
    private bool EndsWithoutTheClock(Task task)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!Settled(task) && !RequiresOneThread && TimeProvider.System.GetElapsedTime(start) < Patience)
        {
            ((IAsyncResult)task).AsyncWaitHandle.WaitOne(TimeSpan.FromMilliseconds(10));
        }

        return task.IsCompleted;
    }

    private static void PassThroughPool()
    {
        TaskCompletionSource passed = new();
        ThreadPool.UnsafeQueueUserWorkItem(static passed => passed.SetResult(), passed, preferLocal: false);
        passed.Task.Wait(Patience);
    }
}
