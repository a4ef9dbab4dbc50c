using Microsoft.Extensions.Logging;
using SigmaComms.Actors.Health;
using SigmaComms.Actors.Scheduling;

namespace SigmaComms.Actors;

/// <summary>A tree of actors with its clock, dead letters and event stream.</summary>
public sealed class ActorSystem : IAsyncDisposable
{
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<TerminationWait> _waits = [];
    private readonly ActorCell _root;
    private Exception? _failure;
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
        Dispatcher = dispatcher;
        Dispatchers = new DispatcherTable(dispatcher);
        EventStream = new EventStream();
        DeadLetters = new DeadLetterOffice(EventStream, options.Time, options.Logger);
        AskClock = new AskClock(options.Time);
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

    /// <summary>The failure that was escalated above the top of the tree, or null while all is well.</summary>
    public Exception? SystemFailure => Volatile.Read(ref _failure);

    /// <summary>Ends when the last actor has ended.</summary>
    public Task WhenTerminated => _terminated.Task;

    internal ActorSystemOptions Options { get; }

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

    /// <summary>Stops all actors, children before their parents.</summary>
    /// <param name="grace">How long to wait for them.</param>
    /// <returns>True if all ended in time.</returns>
    public Task<bool> Terminate(TimeSpan grace)
    {
        TerminationWait wait = new(Time, grace);
        lock (_waits)
        {
            _waits.Add(wait);
        }

        _root.RequestStop();
        if (WhenTerminated.IsCompleted)
        {
            wait.Decide(ended: true);
        }

        return wait.Decided;
    }

    /// <summary>Stops all actors and waits for them up to twice the stop time-out.</summary>
    public async ValueTask DisposeAsync() => await Terminate(Options.StopTimeout * 2);

    internal long NextUid() => Interlocked.Increment(ref _lastUid);

    internal void RootEnded()
    {
        Dispatchers.End();
        _terminated.TrySetResult();
        TerminationWait[] waits;
        lock (_waits)
        {
            waits = [.. _waits];
        }

        Array.ForEach(waits, static wait => wait.Decide(ended: true));
    }

    internal void Fail(ActorPath actor, Exception cause)
    {
        Interlocked.CompareExchange(ref _failure, cause, null);
        Logger.SystemFailed(cause, actor);
        EventStream.Publish(new SystemFailed(actor, cause));
    }
}
