using SigmaComms.Actors.Health;
using SigmaComms.Actors.Mailboxes;
using SigmaComms.Actors.Scheduling;
using SigmaComms.Actors.Supervision;

namespace SigmaComms.Actors;

/// <summary>
/// An actor's place in the tree: its address, mailbox and turn. The instance inside may be replaced; the cell stays.
/// A turn runs on one thread at a time; a pending handler gives the thread back, and meanwhile only words of the
/// runtime are handled.
/// </summary>
internal sealed class ActorCell : Mailbox, IActorRef, IThreadPoolWorkItem
{
    private const long SlowHandlerMilliseconds = 100;

    private readonly ActorCell? _parent;
    private readonly Props _props;
    private readonly string? _name;
    private readonly long _uid;
    private ActorLifecycle? _lifecycle;
    private ActorPath? _path;
    private ActorAnnex? _annex;
    private long _processed;
    private ushort _longestMilliseconds;
    private volatile bool _leftBehind;
    private volatile bool _subscribed;
    private volatile bool _stopRequested;

    /// <param name="system">Its system.</param>
    /// <param name="parent">Its supervisor, or null for the root.</param>
    /// <param name="name">Its name, or null for a made-up one.</param>
    /// <param name="props">Its recipe.</param>
    public ActorCell(ActorSystem system, ActorCell? parent, string? name, Props props)
        : base(
            props.MailboxCapacity ?? system.Options.MailboxCapacity, props.MailboxOverflow, system.Time,
            props.MessageSizer is { } sizer ? new MailboxWeights(props.MailboxBytesMax, sizer) : null)
    {
        System = system;
        _parent = parent;
        _props = props;
        _name = name;
        _uid = system.NextUid();
        if (props.Dispatcher is { } choice)
        {
            Annex.Dispatcher = system.Dispatchers.Find(choice, Name);
        }
    }

    public ActorPath Path => _path ??= new ActorPath(System.Name, Elements, _uid);

    public string Name => _name ?? $"${_uid}";

    public string TypeName => _props.ActorType.Name;

    public ActorSystem System { get; }

    public CancellationToken StopToken => Annex.StopSource.Token;

    public IStash Stash => Annex.OpenStash();

    /// <summary>What belongs to the instance; null as long as there is none.</summary>
    public ActorContext? Context { get; private set; }

    /// <summary>Who watches it and whom it watches.</summary>
    public DeathWatch Watched => Annex.Watched;

    /// <summary>Its children.</summary>
    public ChildTable Children => Annex.Children;

    /// <summary>The instance, or null before the first, between two, and after the last.</summary>
    public ActorBase? Actor { get; private set; }

    public ActorCell? ParentCell => _parent;

    /// <summary>How it supervises, or null as long as no child failed.</summary>
    public ChildSupervision? Supervision => AnnexOrNull?.Supervision;

    /// <summary>Its place among its siblings; the parent's table guards it.</summary>
    public ActorCell? NextSibling { get; set; }

    /// <summary>Its place among its siblings; the parent's table guards it.</summary>
    public ActorCell? PreviousSibling { get; set; }

    /// <summary>Restarts within the parent's window; only the parent's turn uses it.</summary>
    public RestartWindow RestartWindow => Annex.RestartWindow;

    /// <summary>Restarts that the parent ordered; only the parent's turn uses it.</summary>
    public int RestartOrders
    {
        get => AnnexOrNull?.RestartOrders ?? 0;
        set => Annex.RestartOrders = value;
    }

    /// <summary>Restarts so far.</summary>
    public int Restarts => AnnexOrNull?.Restarts ?? 0;

    /// <summary>Whom it is waiting for inside its turn; guarded by <see cref="AskChain"/>.</summary>
    public List<ActorCell>? WaitingFor
    {
        get => AnnexOrNull?.WaitingFor;
        set => Annex.WaitingFor = value;
    }

    /// <summary>How long a stop waits for a pending step.</summary>
    public TimeSpan StopTimeout => _props.StopTimeout ?? System.Options.StopTimeout;

    /// <summary>Whether somebody has asked for its end; noted before the word of it arrives.</summary>
    public bool IsStopRequested
    {
        get => _stopRequested;
        set => _stopRequested = value;
    }

    /// <summary>What it is doing, holds aside; only its turn changes it.</summary>
    public ActorState Stage { get; set; } = ActorState.Starting;

    /// <summary>Why it takes no message now; only its turn changes it.</summary>
    public Hold Hold { get; set; } = Hold.NotRunning;

    /// <summary>What a snapshot tells.</summary>
    public ActorState State
    {
        get
        {
            Hold hold = Hold;
            return Stage != ActorState.Running ? Stage
                : (hold & ~Hold.Pending) != Hold.None ? ActorState.Suspended
                : hold == Hold.Pending ? ActorState.Awaiting
                : ActorState.Running;
        }
    }

    /// <summary>The longest that a handler held its thread; more than 65 s are not told apart.</summary>
    public TimeSpan LongestHandler => TimeSpan.FromMilliseconds(_longestMilliseconds);

    /// <summary>What few actors need, or null.</summary>
    public ActorAnnex? AnnexOrNull => Volatile.Read(ref _annex);

    // Made when something begins that takes more than a moment; most actors let it go once they run.
    private ActorLifecycle Lifecycle => _lifecycle ??= new ActorLifecycle(this);

    /// <summary>Messages handled in its life.</summary>
    public long Processed => Volatile.Read(ref _processed);

    private IDispatcher Dispatcher =>
        _props.Dispatcher is null ? System.Dispatcher : Annex.Dispatcher ?? System.Dispatcher;

    /// <summary>What few actors need, made when it is first asked for; any thread may be the first.</summary>
    public ActorAnnex Annex => Volatile.Read(ref _annex)
        ?? Interlocked.CompareExchange(ref _annex, new ActorAnnex(this), null)
        ?? _annex;

    private string Elements => _parent is null ? "/user" : $"{_parent.Elements}/{Name}";

    /// <summary>The local cell behind a reference.</summary>
    public static ActorCell Of(IActorRef actor) => actor as ActorCell
        ?? throw new ArgumentException($"{actor.Path} is not an actor of this process.", nameof(actor));

    /// <summary>Lets the new cell make its instance.</summary>
    public void Begin() => PostSystem(new SystemMessage(SystemMessageKind.Create));

    public void RequestStop()
    {
        _stopRequested = true;
        PostSystem(new SystemMessage(SystemMessageKind.Stop));
    }

    public void Tell(object message, IActorRef? sender = null) => TryTell(message, sender);

    public SendResult TryTell(object message, IActorRef? sender = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (sender is ActorCell { _leftBehind: true })
        {
            System.DeadLetters.Publish(message, sender, this, "the sender was left behind");
            return SendResult.Terminated;
        }

        if (System.MessageCheck is not null && !this.TryCheck(ref message, sender))
        {
            return SendResult.NoCodec;
        }

        return Post(
            new Envelope(message, sender), message is PoisonPill ? Admission.Reserved : Admission.Ordinary);
    }

    public async ValueTask<SendResult> TellAsync(
        object message, IActorRef? sender = null, CancellationToken cancellationToken = default)
    {
        if (_props.MailboxOverflow != Overflow.Wait || message is null or PoisonPill
            || sender is ActorCell { _leftBehind: true })
        {
            return TryTell(message!, sender);
        }

        if (!this.TryCheck(ref message, sender))
        {
            return SendResult.NoCodec;
        }

        Envelope envelope = new(message, sender);
        ValueTask<SendResult> sent = PostOrWait(envelope, cancellationToken, out bool wake);
        Wake(wake);
        bool atOnce = sent.IsCompleted;
        SendResult result = await sent;
        if (atOnce && result != SendResult.Accepted)
        {
            this.LeaveUnhandled(envelope, result);
        }

        return result;
    }

    /// <summary>Sends a word of the runtime that keeps its place among the messages.</summary>
    public void PostNotice(RuntimeNotice notice) => Post(new Envelope(notice, this), Admission.Always);

    public void PostSystem(SystemMessage word) => Wake(AppendWord(word));

    public bool Equals(IActorRef? other) => ReferenceEquals(this, other);

    public override string ToString() => Path.ToString();

    public ActorCell? FindChild(string name) => AnnexOrNull?.ChildrenOrNull?.Find(name);

    public ActorCell[] AllChildren() => AnnexOrNull?.ChildrenOrNull?.All() ?? [];

    public IActorRef ActorOf(Props props, string? name = null)
    {
        if (Children.TryAdd(name, () => new ActorCell(System, this, name, props), out ActorCell child))
        {
            child.Begin();
        }
        else
        {
            // The actor is ending: its child has ended before it began.
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

    /// <summary>The message for a notice of death, or null if the watch was ended before.</summary>
    public object? AcceptDeath(IActorRef dead, bool abandoned)
    {
        if (dead is ActorCell child && child._parent == this)
        {
            // The word of it may still be on its way; whoever knows of the end may use the name again.
            Lifecycle.ChildEnded(child);
        }

        return Watched.Accept(dead, abandoned);
    }

    public void NoteSubscription() => _subscribed = true;

    public void NoteHolding(TimeSpan length)
    {
        if ((length > TimeSpan.Zero || AnnexOrNull?.Holding is not null) && Annex.NoteHolding(length))
        {
            this.TellHolding(length);
        }
    }

    public void NoteRestart() => Annex.Restarts++;

    public void Fail(Exception cause) => Lifecycle.Fail(cause, message: null, atStart: false);

    public void Supervise(ActorFailure failure) => Annex.Supervise().Decide(failure);

    public void SetChildrenSuspended(bool suspended)
    {
        if (suspended || AnnexOrNull?.ChildrenOrNull is not null)
        {
            Children.SetSuspended(suspended);
        }
    }

    public void CloseChildren() => Children.Close();

    public void LeaveBehind()
    {
        _leftBehind = true;
        Context?.LeaveBehind();
    }

    void IThreadPoolWorkItem.Execute() => TurnWorker.Run(this);

    /// <summary>One turn.</summary>
    public void Turn()
    {
        try
        {
            if (RunTurn())
            {
                Dispatcher.ScheduleLater(this);
            }
        }
        catch (Exception failure)
        {
            // A bug of the runtime itself: this actor has no more turns, and the whole system must know.
            System.Fail(Path, failure);
        }
    }

    /// <summary>Makes a new instance through the recipe.</summary>
    public ActorBase CreateInstance()
    {
        Context = new ActorContext(this);
        return Actor = Context.Make(_props.Factory);
    }

    /// <summary>Lets the instance go; it has had its last word.</summary>
    public void DropInstance()
    {
        if (Actor is { } actor)
        {
            Annex.Supervise().Keep(actor);
            Actor = null;
        }
    }

    /// <summary>Forgets all that belonged to the old instance.</summary>
    public void ClearInstance()
    {
        Context?.Close();
        Context = null;
        AnnexOrNull?.Stash?.UnstashAll();
    }

    /// <summary>Ends the cell: leftovers, watchers, then the parent.</summary>
    public void End(bool abandoned)
    {
        ClearInstance();
        Actor = null;
        AnnexOrNull?.EndBreakers();
        Watched.EndAll();
        (AnnexOrNull?.Dispatcher as ThreadLane)?.EndWithActor();
        if (_subscribed)
        {
            System.EventStream.Unsubscribe(this);
        }

        foreach (Envelope envelope in Close())
        {
            this.LeaveUnhandled(envelope);
        }

        Watched.Announce(abandoned);
        this.TellStopped(abandoned);
        if (_parent is null)
        {
            System.RootEnded();
        }
        else
        {
            _parent.PostSystem(new SystemMessage(SystemMessageKind.ChildTerminated, this));
        }
    }

    /// <summary>The handler of the current message has ended.</summary>
    public void AfterMessage(Exception? failure)
    {
        _processed++;
        object? message = Context!.Message;
        Context.Finish();
        if (failure is not null)
        {
            Lifecycle.Fail(failure, message, atStart: false);
        }
    }

    // Returns whether another turn is due.
    private bool RunTurn()
    {
        bool more = true;
        int handled = 0;
        TurnWorker? worker = TurnWorker.Running;
        int most = System.Options.Throughput;
        while (handled < most && more)
        {
            while (TakeWord() is { } word)
            {
                Lifecycle.Handle(word);
            }

            if (Stage == ActorState.Stopped)
            {
                return false;
            }

            more = Hold == Hold.None && Take() is { Message: not null } next
                && Invoke(next, handled++ == 0 ? null : worker);
        }

        if (_lifecycle is { IsIdle: true })
        {
            _lifecycle = null;
        }

        return EndTurn(Hold == Hold.None);
    }

    // Runs the handler of one message. Returns false if the turn must end: the handler is pending or failed.
    private bool Invoke(Envelope envelope, TurnWorker? worker)
    {
        // The turn goes on: whom it woke shall not wait for its end.
        worker?.HandOver();
        if (envelope.Message is PoisonPill)
        {
            RequestStop();
            return true;
        }

        ActorContext context = Context!;
        if (context.Take(envelope) is not { } message)
        {
            return true;
        }

        long began = TurnWatch.Now;
        ValueTask handled;
        try
        {
            handled = context.Run(Actor!, message);
        }
        catch (Exception failure)
        {
            NoteDuration(TurnWatch.Now - began);
            AfterMessage(failure);
            return false;
        }

        NoteDuration(TurnWatch.Now - began);
        if (handled.IsCompletedSuccessfully)
        {
            handled.GetAwaiter().GetResult();
            _processed++;
            context.Finish();
            return true;
        }

        return Lifecycle.AwaitMessage(handled);
    }

    // By the watch's clock, which goes in steps of ten milliseconds and stands still in a simulation.
    private void NoteDuration(long milliseconds)
    {
        if (milliseconds > _longestMilliseconds)
        {
            _longestMilliseconds = (ushort)Math.Min(milliseconds, ushort.MaxValue);
            if (milliseconds > SlowHandlerMilliseconds)
            {
                System.Logger.SlowHandler(Path, milliseconds);
            }
        }
    }

    private SendResult Post(Envelope envelope, Admission admission)
    {
        SendResult result = Post(envelope, admission, out bool wake, out Envelope displaced);
        Wake(wake);
        if (displaced.Message is not null)
        {
            this.NoteDisplaced(displaced);
        }

        if (result != SendResult.Accepted)
        {
            this.LeaveUnhandled(envelope, result);
        }

        return result;
    }

    private void Wake(bool wake)
    {
        if (wake)
        {
            Dispatcher.Schedule(this);
        }
    }
}
