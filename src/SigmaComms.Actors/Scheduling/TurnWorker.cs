namespace SigmaComms.Actors.Scheduling;

/// <summary>A thread of the pool while it runs turns, with the actor that it runs next.</summary>
internal sealed class TurnWorker
{
    private const int TurnsPerLook = 64;
    private const long SliceMilliseconds = 2;

    [ThreadStatic]
    private static TurnWorker? _ofThread;

    private ActorCell? _next;
    private long _turn;
    private long _turnSeen;
    private bool _running;

    /// <summary>The worker of this thread, if it is running a turn.</summary>
    public static TurnWorker? Running => _ofThread is { _running: true } worker ? worker : null;

    /// <summary>Runs the actor's turn, and then those of the actors that were woken by it.</summary>
    public static void Run(ActorCell first) => (_ofThread ??= TurnWatch.Register(new TurnWorker())).RunChain(first);

    /// <summary>Keeps the actor for the end of the turn; the one that was kept before goes to the pool.</summary>
    public void RunNext(ActorCell cell)
    {
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
    /// Called by the watch from time to time: takes the kept actor away from a turn that lasts since the last call.
    /// Returns whether the worker did anything since then, or is still at it.
    /// </summary>
    public bool Relieve()
    {
        long turn = Volatile.Read(ref _turn);
        bool lasting = turn == _turnSeen;
        _turnSeen = turn;
        if (lasting && Volatile.Read(ref _next) is not null)
        {
            ToPool(Interlocked.Exchange(ref _next, null));
        }

        return !lasting || Volatile.Read(ref _running);
    }

    private static void ToPool(ActorCell? cell)
    {
        if (cell is not null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(cell, preferLocal: true);
        }
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
            Volatile.Write(ref _turn, _turn + 1);
            cell.Turn();
            cell = _next is null ? null : Interlocked.Exchange(ref _next, null);
            if (i % TurnsPerLook == 0 && Environment.TickCount64 - began >= SliceMilliseconds)
            {
                ToPool(cell);
                break;
            }
        }

        _running = false;
    }
}
