using SigmaComms.Actors.Breakers;
using SigmaComms.Actors.Mailboxes;
using SigmaComms.Actors.Scheduling;

namespace SigmaComms.Actors;

/// <summary>
/// What one instance of an actor can do, and what belongs to it alone: its behaviours, timers and current message. A
/// restart makes a new one, so that a handler that was left behind can touch nothing of its successor.
/// </summary>
internal sealed class ActorContext(ActorCell cell) : IActorContext
{
    private ContextExtras? _extras;
    private Envelope _current;
    private bool _currentIsChecked;
    private bool _currentIsStashed;
    private volatile bool _leftBehind;

    /// <summary>The context whose instance this thread is making right now.</summary>
    [field: ThreadStatic]
    public static ActorContext? UnderConstruction { get; set; }

    public ActorCell Cell => cell;

    public ActorSystem System => cell.System;

    public IActorRef Self => cell;

    public IActorRef Parent => cell.ParentCell ?? cell;

    public IActorRef? Sender => _current.Sender;

    /// <summary>The message in hand, or null.</summary>
    public object? Message => _current.Message;

    public IReadOnlyCollection<IActorRef> Children => cell.AllChildren();

    public CancellationToken StopToken => cell.StopToken;

    public IStash Stash
    {
        get
        {
            RequireInstance();
            return cell.Stash;
        }
    }

    public ITimerScheduler Timers => Extras.Timers ??= new ActorTimers(this);

    private ContextExtras Extras => _extras ??= new ContextExtras();

    public Breaker Breaker(BreakerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        RequireInstance();
        return cell.Annex.OpenBreaker(settings);
    }

    public IActorRef? Child(string name) => cell.FindChild(name);

    public IActorRef ActorOf(Props props, string? name = null)
    {
        RequireInstance();
        return cell.ActorOf(props, name);
    }

    public void Stop(IActorRef actor) => cell.Stop(actor);

    public void Watch(IActorRef actor)
    {
        RequireInstance();
        cell.Watched.Begin(ForeignActorRef.RequireActor(actor), notice: null);
    }

    public void WatchWith(IActorRef actor, object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        RequireInstance();
        cell.Watched.Begin(ForeignActorRef.RequireActor(actor), message);
    }

    public void Unwatch(IActorRef actor)
    {
        RequireInstance();
        cell.Watched.End(ForeignActorRef.RequireActor(actor));
    }

    public void Become(Func<object, ValueTask> receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        _extras?.Behaviors.TryPop(out _);
        BecomeStacked(receive);
    }

    public void BecomeStacked(Func<object, ValueTask> receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        Extras.Behaviors.Push(receive);
    }

    public void UnbecomeStacked() => _extras?.Behaviors.TryPop(out _);

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        RequireInstance();
        _extras?.ReceiveTimeout?.Dispose();
        Extras.ReceiveTimeout = timeout is { } span ? new ReceiveTimeoutClock(cell, span) : null;
    }

    public async ValueTask<T> Ask<T>(IActorRef to, object message, TimeSpan timeout)
    {
        RequireInstance();
        if (to is ForeignActorRef)
        {
            // Who waits for whom is known within one process only; elsewhere the time-out ends a ring.
            return await to.Ask<T>(message, timeout, StopToken);
        }

        ActorCell target = ActorCell.Of(to);
        AskChain.Enter(cell, target);
        try
        {
            return await target.Ask<T>(message, timeout, StopToken);
        }
        finally
        {
            AskChain.Leave(cell, target);
        }
    }

    public void PipeToSelf<T>(Task<T> task, Func<T, object> success, Func<Exception, object> failure)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(success);
        ArgumentNullException.ThrowIfNull(failure);
        _ = TaskPipe.RunAsync(cell, task, success, failure);
    }

    /// <summary>Makes the instance that the context is for.</summary>
    public ActorBase Make(Func<ActorBase> factory)
    {
        ActorContext? outer = UnderConstruction;
        UnderConstruction = this;
        try
        {
            ActorBase made = factory();
            return made?.BelongsTo(this) == true
                ? made
                : throw new InvalidOperationException(
                    $"The factory of {cell.Path} must make a new instance at every call.");
        }
        finally
        {
            UnderConstruction = outer;
        }
    }

    /// <summary>Fails if a handler asks that was left behind: the actor it belongs to has ended.</summary>
    public void RequireInstance() => ObjectDisposedException.ThrowIf(_leftBehind, this);

    /// <summary>Lets a handler that does not end run on without its actor.</summary>
    public void LeaveBehind() => _leftBehind = true;

    /// <summary>Makes it the current message. Returns what the actor shall see, or null if it is out of date.</summary>
    public object? Take(Envelope envelope)
    {
        _currentIsStashed = false;
        _currentIsChecked = false;
        _current = envelope;
        if (envelope.Message is not RuntimeNotice notice)
        {
            _extras?.ReceiveTimeout?.Note();
            return envelope.Message;
        }

        object? seen = Check(notice);
        _currentIsChecked = true;
        _current = seen is null ? default : envelope with { Message = seen };
        return seen;
    }

    public ValueTask Run(ActorBase actor, object message) =>
        _extras is not null && _extras.Behaviors.TryPeek(out Func<object, ValueTask>? behavior)
            ? behavior(message)
            : actor.Receive(message);

    /// <summary>The handler of the current message has ended.</summary>
    public void Finish()
    {
        _current = default;
        if (_extras is not { } extras)
        {
            return;
        }

        if (!_currentIsChecked)
        {
            extras.ReceiveTimeout?.Note();
        }

        if (extras.Firing is { } timer)
        {
            extras.Firing = null;
            extras.Timers!.Rearm(timer);
        }
    }

    /// <summary>The current message, to be put aside; it must not be put aside twice.</summary>
    public Envelope TakeForStash()
    {
        if (_current.Message is null || _currentIsStashed)
        {
            throw new InvalidOperationException(
                _currentIsStashed ? "The message is put aside already." : "No message is being handled.");
        }

        _currentIsStashed = true;
        return _currentIsChecked
            ? _current with { Message = new RuntimeNotice(RuntimeNoticeKind.Given, _current.Message) }
            : _current;
    }

    /// <summary>The instance is gone, and its timers with it.</summary>
    public void Close()
    {
        if (_extras is { } extras)
        {
            extras.Timers?.Close();
            extras.ReceiveTimeout?.Dispose();
            extras.ReceiveTimeout = null;
        }

        _current = default;
    }

    private object? Check(RuntimeNotice notice)
    {
        switch (notice.Kind)
        {
            case RuntimeNoticeKind.Timer:
                ActorTimer timer = (ActorTimer)notice.Subject;
                object? due = _extras?.Timers?.Accept(timer);
                if (_extras is not null)
                {
                    _extras.Firing = due is null ? null : timer;
                }

                return due;
            case RuntimeNoticeKind.Death:
                return cell.AcceptDeath((IActorRef)notice.Subject, notice.Abandoned);
            case RuntimeNoticeKind.Silence:
                ReceiveTimeoutClock clock = (ReceiveTimeoutClock)notice.Subject;
                return clock == _extras?.ReceiveTimeout && clock.IsDue() ? ReceiveTimeout.Instance : null;
            default:
                _extras?.ReceiveTimeout?.Note();
                return notice.Subject;
        }
    }
}
