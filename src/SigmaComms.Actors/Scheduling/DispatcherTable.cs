namespace SigmaComms.Actors.Scheduling;

/// <summary>The dispatchers of one system: what its actors chose, made when it is first needed.</summary>
internal sealed class DispatcherTable(IDispatcher ordinary)
{
    private readonly Dictionary<Dispatcher, LimitedDispatcher> _limited = [];
    private readonly Lock _gate = new();
    private ThreadLane? _control;
    private bool _ended;

    /// <summary>Where an actor's turns run.</summary>
    /// <param name="choice">What it chose.</param>
    /// <param name="name">Its name, for that of a thread.</param>
    public IDispatcher Find(Dispatcher choice, string name)
    {
        if (ordinary is not PoolDispatcher)
        {
            return ordinary;
        }

        lock (_gate)
        {
            return choice.Kind switch
            {
                DispatcherKind.Pinned => new ThreadLane(name, shared: false),
                DispatcherKind.Control => Control(),
                _ => Limited(choice),
            };
        }
    }

    /// <summary>The last actor has ended.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            _control?.End();
        }
    }

    private ThreadLane Control()
    {
        if (_control is null)
        {
            _control = new ThreadLane("control", shared: true);
            if (_ended)
            {
                _control.End();
            }
        }

        return _control;
    }

    private LimitedDispatcher Limited(Dispatcher choice)
    {
        if (!_limited.TryGetValue(choice, out LimitedDispatcher? limited))
        {
            limited = new LimitedDispatcher(choice.TurnsMax);
            _limited.Add(choice, limited);
        }

        return limited;
    }
}
