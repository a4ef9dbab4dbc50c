using Microsoft.Extensions.Logging;
using SigmaComms.Actors.Health;
using SigmaComms.Actors.Scheduling;
using SigmaComms.Actors.Shutdown;

namespace SigmaComms.Actors;

/// <summary>A tree of actors with its clock, dead letters and event stream.</summary>
public sealed class ActorSystem : IAsyncDisposable
{
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<TerminationWait> _waits = [];
    private readonly ActorCell _root;
    private Exception? _failure;
    private bool _shutdownEnded;
    private long _lastUid;

    /// <summary>Starts an empty system on the thread pool.</summary>
    /// <param name="name">Its name in the paths.</param>
    /// <param name="options">Settings, or null for the defaults.</param>
    public ActorSystem(string name, ActorSystemOptions? options = null)
        : this(name, options ?? new ActorSystemOptions(), new PoolDispatcher())
    {
    }

    internal ActorSystem(string name, ActorSystemOptions options, IDispatcher dispatcher)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        options.Validate();
        Name = name;
        Options = options;
        MessageCheck = options.MessageCheck;
        Dispatcher = dispatcher;
        Dispatchers = new DispatcherTable(dispatcher);
        EventStream = new EventStream();
        DeadLetters = new DeadLetterOffice(EventStream, options.Time, options.Logger);
        AskClock = new AskClock(options.Time);
        Shutdown = new CoordinatedShutdown(this, options.ShutdownPhases);
        _root = new ActorCell(this, null, "user", Props.Create<RootGuardian>());
        _root.Begin();
    }

    /// <summary>Its name in the paths.</summary>
    public string Name { get; }

    /// <summary>The clock of timers and time-outs.</summary>
    public TimeProvider Time => Options.Time;

    /// <summary>Events for whoever is interested.</summary>
    public EventStream EventStream { get; }

    /// <summary>What nobody handled.</summary>
    public DeadLetterOffice DeadLetters { get; }

    /// <summary>What is done in which order when the system is terminated.</summary>
    public CoordinatedShutdown Shutdown { get; }

    /// <summary>The failure that was escalated above the top of the tree, or null while all is well.</summary>
    public Exception? SystemFailure => Volatile.Read(ref _failure);

    /// <summary>Ends when the last actor has ended.</summary>
    public Task WhenTerminated => _terminated.Task;

    internal ActorSystemOptions Options { get; }

    internal Func<object, object>? MessageCheck { get; }

    internal IDispatcher Dispatcher { get; }

    internal DispatcherTable Dispatchers { get; }

    internal AskClock AskClock { get; }

    internal ILogger Logger => Options.Logger;

    /// <summary>Makes an actor at the top of the tree.</summary>
    /// <param name="props">Its recipe.</param>
    /// <param name="name">Unique at the top, or null for a made-up name.</param>
    /// <exception cref="ArgumentException">The name is taken or not allowed.</exception>
    public IActorRef ActorOf(Props props, string? name = null) => _root.ActorOf(props, name);

    /// <summary>Stops an actor at the top of the tree after its current message.</summary>
    /// <param name="actor">The actor.</param>
    /// <exception cref="ArgumentException">It is not at the top.</exception>
    public void Stop(IActorRef actor) => _root.Stop(actor);

    /// <summary>The health of all actors. Never goes through mailboxes, so it works when actors are stuck.</summary>
    public TreeSnapshot Tree() =>
        new(Time.GetUtcNow(), SystemFailure?.Message, [.. _root.Children.All().Select(cell => cell.Snapshot())]);

    /// <summary>
    /// Runs the phases of <see cref="Shutdown"/>; in one of them all actors are stopped, children before their
    /// parents.
    /// </summary>
    /// <param name="grace">How long to wait. What takes longer goes on without being waited for.</param>
    /// <returns>True if all phases and all actors ended in time.</returns>
    public Task<bool> Terminate(TimeSpan grace)
    {
        TerminationWait wait = new(Time, grace);
        lock (_waits)
        {
            _waits.Add(wait);
        }

        _ = Shutdown.RunAsync("the system was terminated");
        DecideWaits();
        return wait.Decided;
    }

    /// <summary>Terminates the system and waits for it up to the sum of its phases' time-outs.</summary>
    public async ValueTask DisposeAsync() => await Terminate(Shutdown.TotalTimeout);

    internal long NextUid() => Interlocked.Increment(ref _lastUid);

    internal void StopRoot() => _root.RequestStop();

    internal void RootEnded()
    {
        Dispatchers.End();
        _terminated.TrySetResult();
        Shutdown.ActorsEnded();
        DecideWaits();
    }

    internal void ShutdownEnded()
    {
        Volatile.Write(ref _shutdownEnded, true);
        DecideWaits();
    }

    internal void Fail(ActorPath actor, Exception cause)
    {
        Interlocked.CompareExchange(ref _failure, cause, null);
        Logger.SystemFailed(cause, actor);
        EventStream.Publish(new SystemFailed(actor, cause));
    }

    private void DecideWaits()
    {
        if (!WhenTerminated.IsCompleted || !Volatile.Read(ref _shutdownEnded))
        {
            return;
        }

        TerminationWait[] waits;
        lock (_waits)
        {
            waits = [.. _waits];
        }

        Array.ForEach(waits, static wait => wait.Decide(ended: true));
    }
}
