namespace SigmaComms.Actors.Scheduling;

/// <summary>Turns on the thread pool, but only some at a time; the others wait in the order they came.</summary>
internal sealed class LimitedDispatcher(int turnsMax) : IDispatcher, IThreadPoolWorkItem
{
    private const int TurnsPerItem = 16;

    private readonly Queue<ActorCell> _due = new();
    private readonly Lock _gate = new();
    private int _running;

    public void Schedule(ActorCell cell)
    {
        lock (_gate)
        {
            _due.Enqueue(cell);
            if (_running == turnsMax)
            {
                return;
            }

            _running++;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    public void ScheduleLater(ActorCell cell) => Schedule(cell);

    public void Execute()
    {
        for (int i = 0; i < TurnsPerItem; i++)
        {
            if (TakeNext() is not { } cell)
            {
                return;
            }

            TurnWorker.RunAlone(cell);
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private ActorCell? TakeNext()
    {
        lock (_gate)
        {
            if (_due.TryDequeue(out ActorCell? cell))
            {
                return cell;
            }

            _running--;
            return null;
        }
    }
}
