namespace SigmaComms.Actors.Scheduling;

/// <summary>
/// Turns on the thread pool. The actor that a turn woke last runs next on the same thread, without the pool.
/// </summary>
internal sealed class PoolDispatcher : IDispatcher
{
    public void Schedule(ActorCell cell)
    {
        if (TurnWorker.Running is { } worker)
        {
            worker.RunNext(cell);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(cell, preferLocal: true);
        }
    }

    // The thread's own queue is last in, first out: an actor with endless work would always be the next again.
    public void ScheduleLater(ActorCell cell) => ThreadPool.UnsafeQueueUserWorkItem(cell, preferLocal: false);
}
