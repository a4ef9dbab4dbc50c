namespace SigmaComms.Actors.Scheduling;

/// <summary>
/// One thread of its own for turns, and for what the handlers of these turns await. After its end the thread pool
/// takes what still comes.
/// </summary>
internal sealed class ThreadLane : SynchronizationContext, IDispatcher
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _due = new();
    private readonly object _gate = new();
    private readonly bool _shared;
    private bool _ended;

    /// <param name="name">For the thread's name.</param>
    /// <param name="shared">Whether it serves more than one actor.</param>
    public ThreadLane(string name, bool shared)
    {
        _shared = shared;
        ThreadPriority priority = shared ? ThreadPriority.AboveNormal : ThreadPriority.Normal;
        Thread thread = new(Run) { IsBackground = true, Name = $"Actor {name}", Priority = priority };
        thread.UnsafeStart();
    }

    public void Schedule(ActorCell cell) => Post(static state => TurnWorker.RunAlone((ActorCell)state!), cell);

    public void ScheduleLater(ActorCell cell) => Schedule(cell);

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _due.Enqueue((d, state));
                Monitor.Pulse(_gate);
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(static item => item.d(item.state), (d, state), preferLocal: false);
    }

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Nobody waits for an actor's thread.");

    /// <summary>An actor has ended, and with it a thread that it had alone.</summary>
    public void EndWithActor()
    {
        if (!_shared)
        {
            End();
        }
    }

    /// <summary>The thread ends when it has done what is due.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        SetSynchronizationContext(this);
        while (TryNext(out (SendOrPostCallback Callback, object? State) next))
        {
            next.Callback(next.State);
        }
    }

    private bool TryNext(out (SendOrPostCallback Callback, object? State) next)
    {
        lock (_gate)
        {
            while (_due.Count == 0 && !_ended)
            {
                Monitor.Wait(_gate);
            }

            return _due.TryDequeue(out next);
        }
    }
}
