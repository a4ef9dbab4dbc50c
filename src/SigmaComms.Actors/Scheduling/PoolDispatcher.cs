namespace SigmaComms.Actors.Scheduling;

/// <summary>Turns on the thread pool; an actor woken by another tends to run on the same thread.</summary>
internal sealed class PoolDispatcher : IDispatcher
{
    public void Schedule(ActorCell cell) => ThreadPool.UnsafeQueueUserWorkItem(cell, preferLocal: true);
}
