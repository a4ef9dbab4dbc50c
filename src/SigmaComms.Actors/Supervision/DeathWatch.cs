namespace SigmaComms.Actors.Supervision;

/// <summary>Who watches an actor, who waits for its answers, and whom it watches itself.</summary>
internal sealed class DeathWatch(ActorCell owner)
{
    private readonly Lock _gate = new();
    private readonly HashSet<ActorCell> _watchers = [];
    private readonly HashSet<AskPromise> _asks = [];
    private readonly Dictionary<ActorCell, object?> _watching = [];
    private bool _ended;
    private bool _abandoned;

    /// <summary>Begins to watch another actor; only the owner's turn calls it.</summary>
    public void Begin(ActorCell subject, object? notice)
    {
        if (_watching.TryAdd(subject, notice))
        {
            subject.Watched.AddWatcher(owner);
        }
        else
        {
            _watching[subject] = notice;
        }
    }

    /// <summary>Ends a watch; only the owner's turn calls it.</summary>
    public void End(ActorCell subject)
    {
        if (_watching.Remove(subject))
        {
            subject.Watched.RemoveWatcher(owner);
        }
    }

    /// <summary>The message to handle for a notice of death, or null if the watch was ended before.</summary>
    public object? Accept(Terminated notice)
    {
        if (notice.Actor is not ActorCell subject || !_watching.Remove(subject, out object? custom))
        {
            return null;
        }

        return custom ?? notice;
    }

    /// <summary>Ends all watches of the owner.</summary>
    public void EndAll()
    {
        foreach (ActorCell subject in _watching.Keys.ToArray())
        {
            End(subject);
        }
    }

    /// <summary>Fails the ask early if the owner ends. Returns false if it has ended.</summary>
    public bool TryAddAsk(AskPromise ask)
    {
        lock (_gate)
        {
            return !_ended && _asks.Add(ask);
        }
    }

    public void RemoveAsk(AskPromise ask)
    {
        lock (_gate)
        {
            _asks.Remove(ask);
        }
    }

    /// <summary>Tells everybody that the owner has ended.</summary>
    public void Announce(bool abandoned)
    {
        ActorCell[] watchers;
        AskPromise[] asks;
        lock (_gate)
        {
            _ended = true;
            _abandoned = abandoned;
            watchers = [.. _watchers];
            asks = [.. _asks];
            _watchers.Clear();
            _asks.Clear();
        }

        foreach (ActorCell watcher in watchers)
        {
            watcher.PostReserved(new Terminated(owner, abandoned), owner);
        }

        foreach (AskPromise ask in asks)
        {
            ask.FailTerminated(owner.Path);
        }
    }

    private void AddWatcher(ActorCell watcher)
    {
        bool ended;
        lock (_gate)
        {
            ended = _ended;
            if (!ended)
            {
                _watchers.Add(watcher);
            }
        }

        if (ended)
        {
            watcher.PostReserved(new Terminated(owner, _abandoned), owner);
        }
    }

    private void RemoveWatcher(ActorCell watcher)
    {
        lock (_gate)
        {
            _watchers.Remove(watcher);
        }
    }
}
