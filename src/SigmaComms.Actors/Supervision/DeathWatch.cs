using SigmaComms.Actors.Mailboxes;

namespace SigmaComms.Actors.Supervision;

/// <summary>Who watches an actor, who waits for its answers, and whom it watches itself.</summary>
internal sealed class DeathWatch(ActorCell owner) : IAskTarget
{
    private readonly Lock _gate = new();
    private HashSet<ActorCell>? _watchers;
    private Dictionary<IActorRef, object?>? _watching;
    private AskPromise? _asks;
    private SpinGate _askGate;
    private bool _ended;
    private bool _answersEnded;
    private bool _abandoned;

    /// <summary>Begins to watch another actor.</summary>
    public void Begin(IActorRef subject, object? notice)
    {
        bool fresh;
        lock (_gate)
        {
            _watching ??= [];
            fresh = _watching.TryAdd(subject, notice);
            _watching[subject] = notice;
        }

        if (fresh)
        {
            if (subject is ActorCell cell)
            {
                cell.Watched.AddWatcher(owner);
            }
            else
            {
                ForeignActorRef.Of(subject).AddWatcher(owner);
            }
        }
    }

    /// <summary>Ends a watch.</summary>
    public void End(IActorRef subject)
    {
        bool removed;
        lock (_gate)
        {
            removed = _watching?.Remove(subject) ?? false;
        }

        if (removed)
        {
            if (subject is ActorCell cell)
            {
                cell.Watched.RemoveWatcher(owner);
            }
            else
            {
                ForeignActorRef.Of(subject).RemoveWatcher(owner);
            }
        }
    }

    /// <summary>The message to handle for a notice of death, or null if the watch was ended before.</summary>
    public object? Accept(IActorRef subject, bool abandoned)
    {
        lock (_gate)
        {
            return _watching?.Remove(subject, out object? custom) == true
                ? custom ?? new Terminated(subject, abandoned)
                : null;
        }
    }

    /// <summary>Ends all watches of the owner.</summary>
    public void EndAll()
    {
        IActorRef[] watching;
        lock (_gate)
        {
            watching = [.. _watching?.Keys ?? Enumerable.Empty<IActorRef>()];
        }

        Array.ForEach(watching, End);
    }

    /// <summary>Fails the ask early if the owner ends. Returns false if it has ended.</summary>
    public bool TryAddAsk(AskPromise ask)
    {
        _askGate.Enter();
        bool lives = !_answersEnded;
        if (lives)
        {
            ask.NextOfTarget = _asks;
            if (_asks is not null)
            {
                _asks.PreviousOfTarget = ask;
            }

            _asks = ask;
        }

        _askGate.Exit();
        return lives;
    }

    public void RemoveAsk(AskPromise ask)
    {
        _askGate.Enter();
        if (ReferenceEquals(_asks, ask))
        {
            _asks = ask.NextOfTarget;
        }
        else if (ask.PreviousOfTarget is { } before)
        {
            before.NextOfTarget = ask.NextOfTarget;
        }

        if (ask.NextOfTarget is { } after)
        {
            after.PreviousOfTarget = ask.PreviousOfTarget;
        }

        ask.NextOfTarget = null;
        ask.PreviousOfTarget = null;
        _askGate.Exit();
    }

    /// <summary>Tells everybody that the owner has ended.</summary>
    public void Announce(bool abandoned)
    {
        HashSet<ActorCell>? watchers;
        lock (_gate)
        {
            _ended = true;
            _abandoned = abandoned;
            watchers = _watchers;
            _watchers = null;
        }

        foreach (ActorCell watcher in watchers ?? [])
        {
            Notify(watcher);
        }

        FailAsks();
    }

    private void FailAsks()
    {
        while (TakeAsk() is { } ask)
        {
            ask.FailTerminated();
        }
    }

    // No other comes in any more.
    private AskPromise? TakeAsk()
    {
        _askGate.Enter();
        _answersEnded = true;
        AskPromise? first = _asks;
        _asks = first?.NextOfTarget;
        if (first is not null)
        {
            first.NextOfTarget = null;
        }

        if (_asks is not null)
        {
            _asks.PreviousOfTarget = null;
        }

        _askGate.Exit();
        return first;
    }

    private void AddWatcher(ActorCell watcher)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                (_watchers ??= []).Add(watcher);
                return;
            }
        }

        Notify(watcher);
    }

    private void RemoveWatcher(ActorCell watcher)
    {
        lock (_gate)
        {
            _watchers?.Remove(watcher);
        }
    }

    private void Notify(ActorCell watcher) =>
        watcher.PostNotice(new RuntimeNotice(RuntimeNoticeKind.Death, owner, _abandoned));
}
