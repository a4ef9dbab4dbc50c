using SigmaComms.Actors.Health;
using SigmaComms.Actors.Mailboxes;
using SigmaComms.Actors.Scheduling;
using SigmaComms.Actors.Supervision;

namespace SigmaComms.Actors;

/// <summary>
/// An actor's place in the tree: its address, mailbox and turn. The instance inside may be replaced; the cell stays.
/// Everything below "turn" runs on one thread at a time; a pending handler gives the thread back, and meanwhile only
/// words of the runtime are handled.
/// </summary>
internal sealed class ActorCell : IActorRef, IActorContext, IThreadPoolWorkItem
{
    private const long SlowHandlerMilliseconds = 100;

    [ThreadStatic]
    private static ActorCell? _underConstruction;

    private readonly ActorCell? _parent;
    private readonly Props _props;
    private readonly Mailbox _mailbox;
    private readonly ChildTable _children = new();
    private readonly HealthRecord _health;
    private readonly ActorLifecycle _lifecycle;
    private readonly Stack<Func<object, ValueTask>> _behaviors = new();
    private ActorStash? _stash;
    private ActorTimers? _timers;
    private ReceiveTimeoutClock? _receiveTimeout;
    private TimerFired? _firing;
    private Action<Exception?>? _afterMessage;

    public ActorCell(ActorSystem system, ActorCell? parent, string elements, Props props)
    {
        System = system;
        _parent = parent;
        _props = props;
        Path = new ActorPath(system.Name, elements, system.NextUid());
        _mailbox = new Mailbox(
            props.MailboxCapacity ?? system.Options.MailboxCapacity, props.MailboxOverflow, system.Time);
        _health = new HealthRecord(system.Time);
        Watched = new DeathWatch(this);
        _lifecycle = new ActorLifecycle(this, props.StopTimeout ?? system.Options.StopTimeout);
    }

    /// <summary>The cell whose instance this thread is making right now.</summary>
    public static ActorCell? UnderConstruction => _underConstruction;

    public ActorPath Path { get; }

    public ActorSystem System { get; }

    public IActorRef Self => this;

    public IActorRef Parent => _parent ?? this;

    public IActorRef? Sender => Current.Sender;

    public IReadOnlyCollection<IActorRef> Children => _children.All();

    public CancellationToken StopToken => _lifecycle.StopToken;

    public IStash Stash => _stash ??= new ActorStash(this);

    public ITimerScheduler Timers => _timers ??= new ActorTimers(this);

    /// <summary>Who watches it and whom it watches.</summary>
    public DeathWatch Watched { get; }

    /// <summary>The message of the current turn.</summary>
    public Envelope Current { get; private set; }

    /// <summary>The instance, or null before the first and after the last.</summary>
    public ActorBase? Actor { get; private set; }

    public ChildTable ChildTable => _children;

    public IEnumerable<ActorCell> ChildCells => _children.All();

    public ActorCell? ParentCell => _parent;

    public HealthRecord Health => _health;

    /// <summary>Restarts within the parent's window; only the parent's turn uses it.</summary>
    public RestartWindow RestartWindow { get; } = new();

    /// <summary>Whom it is waiting for inside its turn, or null; guarded by <see cref="AskChain"/>.</summary>
    public ActorCell? WaitingFor { get; set; }

    /// <summary>The local cell behind a reference.</summary>
    public static ActorCell Of(IActorRef actor) => actor as ActorCell
        ?? throw new ArgumentException($"{actor.Path} is not an actor of this process.", nameof(actor));

    /// <summary>Lets the new cell make its instance.</summary>
    public void Begin() => PostSystem(new SystemMessage(SystemMessageKind.Create));

    /// <summary>Whether somebody has asked for its end.</summary>
    public bool IsStopRequested => _lifecycle.StopRequested;

    public void RequestStop()
    {
        _lifecycle.StopRequested = true;
        PostSystem(new SystemMessage(SystemMessageKind.Stop));
    }

    public void Tell(object message, IActorRef? sender = null) => TryTell(message, sender);

    public SendResult TryTell(object message, IActorRef? sender = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Post(message, sender, reserved: message is PoisonPill);
    }

    public ValueTask<SendResult> TellAsync(
        object message, IActorRef? sender = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (_props.MailboxOverflow != Overflow.Wait)
        {
            return ValueTask.FromResult(TryTell(message, sender));
        }

        ValueTask<SendResult> sent =
            _mailbox.PostOrWait(new Envelope(message, sender), cancellationToken, out bool wake);
        Wake(wake);
        return sent;
    }

    /// <summary>Sends a word of the runtime that is bounded by what the actor itself asked for.</summary>
    public void PostReserved(object message, IActorRef? sender) => Post(message, sender, reserved: true);

    public void PostSystem(in SystemMessage message) => Wake(_mailbox.PostSystem(message));

    public bool Equals(IActorRef? other) => ReferenceEquals(this, other);

    public override string ToString() => Path.ToString();

    public ActorSnapshot Snapshot()
    {
        (int inWindow, string? lastError, DateTimeOffset? at) = _health.Failures();
        return new ActorSnapshot(
            Path, _props.ActorType.Name, _lifecycle.State, _mailbox.Depth, _mailbox.Capacity, _mailbox.OldestAge,
            _health.Processed, inWindow, _health.Restarts, _mailbox.Dropped,
            TimeSpan.FromMilliseconds(_health.LongestMilliseconds), lastError, at,
            [.. _children.All().Select(child => child.Snapshot())]);
    }

    public IActorRef? Child(string name) => _children.Find(name);

    public IActorRef ActorOf(Props props, string? name = null)
    {
        ActorCell child = _children.Add(
            name, unique => new ActorCell(System, this, $"{Path.Elements}/{unique}", props));
        child.Begin();
        if (_lifecycle.IsEnding)
        {
            child.RequestStop();
        }

        return child;
    }

    public void Stop(IActorRef actor)
    {
        ActorCell cell = Of(actor);
        if (cell != this && cell._parent != this)
        {
            throw new ArgumentException($"{Path} can stop itself and its children, not {cell.Path}.", nameof(actor));
        }

        cell.RequestStop();
    }

    public void Watch(IActorRef actor) => Watched.Begin(Of(actor), notice: null);

    public void WatchWith(IActorRef actor, object message) => Watched.Begin(Of(actor), message);

    public void Unwatch(IActorRef actor) => Watched.End(Of(actor));

    public void Become(Func<object, ValueTask> receive)
    {
        _behaviors.TryPop(out _);
        _behaviors.Push(receive);
    }

    public void BecomeStacked(Func<object, ValueTask> receive) => _behaviors.Push(receive);

    public void UnbecomeStacked() => _behaviors.TryPop(out _);

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        _receiveTimeout?.Dispose();
        _receiveTimeout = timeout is { } span ? new ReceiveTimeoutClock(this, span) : null;
    }

    public async ValueTask<T> Ask<T>(IActorRef to, object message, TimeSpan timeout)
    {
        ActorCell target = Of(to);
        AskChain.Enter(this, target);
        try
        {
            return await target.Ask<T>(message, timeout, StopToken);
        }
        finally
        {
            AskChain.Leave(this);
        }
    }

    public void PipeToSelf<T>(Task<T> task, Func<T, object> success, Func<Exception, object> failure)
    {
        _ = PipeAsync();

        async Task PipeAsync()
        {
            object outcome;
            try
            {
                outcome = success(await task);
            }
            catch (Exception cause)
            {
                outcome = failure(cause);
            }

            PostReserved(outcome, this);
        }
    }

    public void PutInFront(IReadOnlyList<Envelope> envelopes) => _mailbox.PutInFront(envelopes);

    /// <summary>One turn.</summary>
    public void Execute()
    {
        bool more = true;
        int left = System.Options.Throughput;
        while (left > 0 && more)
        {
            while (_mailbox.TryTakeSystem(out SystemMessage word))
            {
                _lifecycle.Handle(word);
            }

            if (_lifecycle.HasEnded)
            {
                return;
            }

            more = _lifecycle.AcceptsMessages && _mailbox.TryTake(out Envelope envelope) && Invoke(envelope);
            left--;
        }

        if (_mailbox.EndTurn(_lifecycle.AcceptsMessages))
        {
            System.Dispatcher.Schedule(this);
        }
    }

    /// <summary>Makes a new instance through the recipe.</summary>
    public void CreateInstance()
    {
        ActorCell? outer = _underConstruction;
        _underConstruction = this;
        try
        {
            Actor = _props.Factory();
        }
        finally
        {
            _underConstruction = outer;
        }
    }

    /// <summary>Forgets all that belonged to the old instance.</summary>
    public void ClearInstance()
    {
        _behaviors.Clear();
        _timers?.CancelAll();
        SetReceiveTimeout(null);
        _stash?.UnstashAll();
    }

    /// <summary>Ends the cell: leftovers, watchers, then the parent.</summary>
    public void End(bool abandoned)
    {
        ClearInstance();
        Actor = null;
        Watched.EndAll();
        foreach (Envelope envelope in _mailbox.Close())
        {
            LeaveUnhandled(envelope);
        }

        Watched.Announce(abandoned);
        if (_parent is null)
        {
            System.RootEnded();
        }
        else
        {
            _parent.PostSystem(new SystemMessage(SystemMessageKind.ChildTerminated, this));
        }
    }

    // Runs the handler of one message. Returns false if the turn must end: the handler is pending or failed.
    private bool Invoke(in Envelope envelope)
    {
        Current = envelope;
        object? message = Unwrap(envelope.Message);
        if (message is null)
        {
            return true;
        }

        if (message is PoisonPill)
        {
            RequestStop();
            return true;
        }

        long began = Environment.TickCount64;
        ValueTask handled;
        try
        {
            handled = _behaviors.TryPeek(out Func<object, ValueTask>? behavior)
                ? behavior(message)
                : Actor!.Receive(message);
        }
        catch (Exception failure)
        {
            AfterMessage(failure);
            return false;
        }

        NoteDuration(Environment.TickCount64 - began);
        return _lifecycle.Await(handled, _afterMessage ??= AfterMessage);
    }

    private void AfterMessage(Exception? failure)
    {
        _health.Processed++;
        TimerFired? fired = _firing;
        _firing = null;
        if (failure is not null)
        {
            _lifecycle.Fail(failure, Current.Message, atStart: false);
            return;
        }

        if (fired is not null)
        {
            fired.Timers.Rearm(fired);
        }
    }

    // What the runtime put into the mailbox becomes what the actor sees, or null if it is out of date.
    private object? Unwrap(object message)
    {
        switch (message)
        {
            case TimerFired fired:
                object? due = _timers?.Accept(fired);
                _firing = due is null ? null : fired;
                return due;
            case Terminated notice when notice.Actor is ActorCell:
                return Watched.Accept(notice);
            case ReceiveTimeoutClock clock:
                return clock == _receiveTimeout && clock.IsDue() ? ReceiveTimeout.Instance : null;
            default:
                _receiveTimeout?.Note();
                return message;
        }
    }

    private void NoteDuration(long milliseconds)
    {
        if (milliseconds > _health.LongestMilliseconds)
        {
            _health.LongestMilliseconds = milliseconds;
            if (milliseconds > SlowHandlerMilliseconds)
            {
                System.Logger.SlowHandler(Path, milliseconds);
            }
        }
    }

    private SendResult Post(object message, IActorRef? sender, bool reserved)
    {
        SendResult result = _mailbox.Post(
            new Envelope(message, sender), reserved, out bool wake, out Envelope? displaced);
        Wake(wake);
        if (displaced is { } old)
        {
            System.DeadLetters.Publish(old.Message, old.Sender, this, "mailbox full, oldest dropped");
        }

        if (result != SendResult.Accepted)
        {
            LeaveUnhandled(new Envelope(message, sender), result);
        }

        return result;
    }

    private void LeaveUnhandled(in Envelope envelope, SendResult result = SendResult.Terminated)
    {
        if (envelope.Message is TimerFired or Terminated or ReceiveTimeoutClock or PoisonPill)
        {
            return;
        }

        string reason = result == SendResult.Terminated ? "the actor has ended" : "mailbox full";
        System.DeadLetters.Publish(envelope.Message, envelope.Sender, this, reason);
    }

    private void Wake(bool wake)
    {
        if (wake)
        {
            System.Dispatcher.Schedule(this);
        }
    }
}
