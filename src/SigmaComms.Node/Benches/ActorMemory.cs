using SigmaComms.Actors;

namespace SigmaComms.Node.Benches;

/// <summary>What an actor keeps of the memory while it does nothing.</summary>
internal static class ActorMemory
{
    /// <summary>Bytes that one actor keeps.</summary>
    /// <param name="count">How many are made.</param>
    /// <param name="touched">Whether each of them had a message before.</param>
    public static async Task<double> MeasureAsync(int count, bool touched)
    {
        // Away from the stack of who was measured before, or it would keep that one's memory.
        await Task.Yield();
        await using ActorSystem system = new("bench");
        IActorRef[] actors = new IActorRef[count];
        Counter counter = new(count);
        Props props = Props.Create(() => new Counted(counter));
        object message = new();
        long before = Settled();
        for (int i = 0; i < count; i++)
        {
            actors[i] = system.ActorOf(props);
        }

        foreach (IActorRef actor in touched ? actors : [])
        {
            actor.Tell(message);
        }

        await counter.Started;
        await (touched ? counter.Handled : Task.CompletedTask);
        long after = Settled();
        GC.KeepAlive(actors);
        return (after - before) / (double)count;
    }

    private static long Settled()
    {
        for (int i = 0; i < 3; i++)
        {
            _ = GC.GetTotalMemory(forceFullCollection: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private sealed class Counter(int count)
    {
        private readonly TaskCompletionSource _started = ActorWorkloads.NewSource();
        private readonly TaskCompletionSource _handled = ActorWorkloads.NewSource();
        private int _toStart = count;
        private int _toHandle = count;

        public Task Started => _started.Task;

        public Task Handled => _handled.Task;

        public void NoteStart()
        {
            if (Interlocked.Decrement(ref _toStart) == 0)
            {
                _started.SetResult();
            }
        }

        public void NoteMessage()
        {
            if (Interlocked.Decrement(ref _toHandle) == 0)
            {
                _handled.SetResult();
            }
        }
    }

    private sealed class Counted(Counter counter) : UntypedActor
    {
        protected override ValueTask PreStart()
        {
            counter.NoteStart();
            return ValueTask.CompletedTask;
        }

        protected override void Handle(object message) => counter.NoteMessage();
    }
}
