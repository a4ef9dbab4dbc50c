namespace SigmaComms.Actors.Scheduling;

/// <summary>
/// All turns on the thread that calls <see cref="RunUntilIdle"/>, in the order they became due. Continuations of
/// awaited tasks come back to that thread through its synchronization context.
/// </summary>
internal sealed class SimulationDispatcher : SynchronizationContext, IDispatcher
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _due = new();
    private readonly Lock _gate = new();

    public void Schedule(ActorCell cell) => Post(static state => ((ActorCell)state!).Turn(), cell);

    public void ScheduleLater(ActorCell cell) => Schedule(cell);

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_gate)
        {
            _due.Enqueue((d, state));
        }
    }

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("The simulation's thread never waits for itself.");

    /// <summary>Runs turns until none is due. Returns how many ran.</summary>
    public int RunUntilIdle()
    {
        SynchronizationContext? before = Current;
        SetSynchronizationContext(this);
        try
        {
            int turns = 0;
            while (TryNext(out (SendOrPostCallback Callback, object? State) next))
            {
                next.Callback(next.State);
                turns++;
            }

            return turns;
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    private bool TryNext(out (SendOrPostCallback Callback, object? State) next)
    {
        lock (_gate)
        {
            return _due.TryDequeue(out next);
        }
    }
}
