using SigmaComms.Actors.Scheduling;

namespace SigmaComms.Actors.TestKit;

/// <summary>
/// An actor system on virtual time. All turns run on the test's own thread, in one order, inside
/// <see cref="RunUntilIdle"/>; so nothing has to be waited for.
/// </summary>
public sealed class TestSystem : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SimulationDispatcher _dispatcher = new();
    private int _probes;

    /// <summary>Starts an empty system.</summary>
    /// <param name="configure">Changes the settings, or null.</param>
    public TestSystem(Action<ActorSystemOptions>? configure = null)
    {
        ActorSystemOptions options = new() { Time = Time };
        configure?.Invoke(options);
        Time = (VirtualTime)options.Time;
        System = new ActorSystem("test", options, _dispatcher);
    }

    /// <summary>The system.</summary>
    public ActorSystem System { get; }

    /// <summary>Its clock.</summary>
    public VirtualTime Time { get; } = new();

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
    public int RunUntilIdle() => _dispatcher.RunUntilIdle();

    /// <summary>Moves the clock from timer to timer; all that follows from one happens before the next.</summary>
    /// <param name="by">How far.</param>
    public void Advance(TimeSpan by)
    {
        RunUntilIdle();
        DateTimeOffset target = Time.GetUtcNow() + by;
        while (Time.UntilNext is { } next && Time.GetUtcNow() + next <= target)
        {
            Time.Advance(next);
            RunUntilIdle();
        }

        Time.Advance(target - Time.GetUtcNow());
        RunUntilIdle();
    }

    /// <summary>Runs turns, and moves the clock where needed, until the task has ended.</summary>
    /// <typeparam name="T">Type of its result.</typeparam>
    /// <param name="task">What to wait for.</param>
    /// <param name="limit">How far the clock may move at most.</param>
    /// <exception cref="TimeoutException">The clock reached the limit first.</exception>
    public T Await<T>(Task<T> task, TimeSpan? limit = null)
    {
        AwaitEnd(task, limit ?? TimeSpan.FromMinutes(1));
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Runs turns, and moves the clock where needed, until the task has ended.</summary>
    /// <param name="task">What to wait for.</param>
    /// <param name="limit">How far the clock may move at most.</param>
    /// <exception cref="TimeoutException">The clock reached the limit first.</exception>
    public void Await(Task task, TimeSpan? limit = null)
    {
        AwaitEnd(task, limit ?? TimeSpan.FromMinutes(1));
        task.GetAwaiter().GetResult();
    }

    /// <summary>Stops the system.</summary>
    public ValueTask DisposeAsync()
    {
        Task<bool> ended = System.Terminate(TimeSpan.FromMinutes(1));
        RunUntilIdle();
        Advance(TimeSpan.FromMinutes(1));
        return new ValueTask(ended);
    }

    private void AwaitEnd(Task task, TimeSpan limit)
    {
        DateTimeOffset end = Time.GetUtcNow() + limit;
        RunUntilIdle();
        while (!Settled(task))
        {
            if (Time.UntilNext is { } next && Time.GetUtcNow() + next <= end)
            {
                Time.Advance(next);
                RunUntilIdle();
            }
            else if (!EndsWithoutTheClock(task))
            {
                throw new TimeoutException($"The task was still running after {limit} of virtual time.");
            }
        }
    }

    // A continuation may still be on its way through the thread pool; give it a moment of real time. How long that is
    // on a busy machine tells what is sent through the pool behind it.
    private bool Settled(Task task)
    {
        for (int i = 0; i < 50 && !task.IsCompleted; i++)
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
        while (!Settled(task) && TimeProvider.System.GetElapsedTime(start) < Patience)
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
