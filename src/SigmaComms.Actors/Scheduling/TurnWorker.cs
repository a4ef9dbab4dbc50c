namespace SigmaComms.Actors.Scheduling;

/// <summary>A thread while it runs turns, with the actor that it runs next.</summary>
internal sealed class TurnWorker
{
    private const int TurnsPerLook = 64;
    private const long SliceMilliseconds = 2;
    private const long HoldingMilliseconds = 100;

    [ThreadStatic]
    private static TurnWorker? _ofThread;

    private ActorCell? _next;
    private ActorCell? _current;
    private ActorCell? _watched;
    private long _handledSeen;
    private long _sameSince;
    private long _turn;
    private long _turnSeen;
    private bool _running;
    private bool _alone;

    /// <summary>The worker of this thread, if it is running a turn.</summary>
    public static TurnWorker? Running => _ofThread is { _running: true } worker ? worker : null;

    private static TurnWorker OfThread => _ofThread ??= TurnWatch.Register(new TurnWorker());

    /// <summary>Runs the actor's turn, and then those of the actors that were woken by it.</summary>
    public static void Run(ActorCell first) => OfThread.RunChain(first);

    /// <summary>Runs the actor's turn; whom it wakes goes to the pool.</summary>
    public static void RunAlone(ActorCell cell)
    {
        TurnWorker worker = OfThread;
        worker._alone = true;
        worker.RunChain(cell);
        worker._alone = false;
    }

    /// <summary>Keeps the actor for the end of the turn; the one that was kept before goes to the pool.</summary>
    public void RunNext(ActorCell cell)
    {
        if (_alone)
        {
            ToPool(cell);
            return;
        }

        if (_next is null)
        {
            // Nobody else puts one in.
            Volatile.Write(ref _next, cell);
            return;
        }

        ToPool(Interlocked.Exchange(ref _next, cell));
    }

    /// <summary>Gives the kept actor to the pool.</summary>
    public void HandOver()
    {
        if (_next is not null)
        {
            ToPool(Interlocked.Exchange(ref _next, null));
        }
    }

    /// <summary>
    /// Called by the watch from time to time: takes the kept actor away from a turn that lasts since the last call,
    /// and reports a handler that holds the thread for long.
    /// </summary>
    /// <param name="now">The machine's milliseconds.</param>
    /// <returns>Whether the worker did anything since the last call, or is still at it.</returns>
    public bool Relieve(long now)
    {
        long turn = Volatile.Read(ref _turn);
        bool lasting = turn == _turnSeen;
        _turnSeen = turn;
        if (lasting && Volatile.Read(ref _next) is not null)
        {
            ToPool(Interlocked.Exchange(ref _next, null));
        }

        bool running = Volatile.Read(ref _running);
        LookForHolding(running ? Volatile.Read(ref _current) : null, lasting, now);
        return !lasting || running;
    }

    private static void ToPool(ActorCell? cell)
    {
        if (cell is not null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(cell, preferLocal: true);
        }
    }

    // A turn may be of many short handlers: it is the same one as long as the count of handled messages stands still.
    private void LookForHolding(ActorCell? cell, bool lasting, long now)
    {
        long handled = cell?.Processed ?? 0;
        if (lasting && ReferenceEquals(cell, _watched) && handled == _handledSeen)
        {
            if (now - _sameSince > HoldingMilliseconds)
            {
                cell?.NoteHolding(TimeSpan.FromMilliseconds(now - _sameSince));
            }

            return;
        }

        _watched?.NoteHolding(TimeSpan.Zero);
        _watched = cell;
        _handledSeen = handled;
        _sameSince = now;
    }

    private void RunChain(ActorCell first)
    {
        _running = true;
        Interlocked.MemoryBarrier();
        TurnWatch.Wake();
        long began = Environment.TickCount64;
        ActorCell? cell = first;
        for (int i = 1; cell is not null; i++)
        {
            _current = cell;
            Volatile.Write(ref _turn, _turn + 1);
            cell.Turn();
            cell = _next is null ? null : Interlocked.Exchange(ref _next, null);
            if (i % TurnsPerLook == 0 && Environment.TickCount64 - began >= SliceMilliseconds)
            {
                ToPool(cell);
                break;
            }
        }

        _current = null;
        _running = false;
    }
}
