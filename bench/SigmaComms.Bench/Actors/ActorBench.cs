using System.Diagnostics;
using SigmaComms.Actors;
using SigmaComms.Actors.Supervision;

namespace SigmaComms.Bench.Actors;

/// <summary>
/// The runtime's own cost: a flood of tells, ping-pong, fan-in, asks, asynchronous handlers, restarts, and the memory
/// of an idle actor. Each row is the median of several runs after a warm-up.
/// </summary>
internal static class ActorBench
{
    private const int WarmUps = 5;
    private const int Runs = 7;

    /// <summary>Runs all and prints a line for each.</summary>
    public static async Task Run()
    {
        await MeasureAsync("tell 1 -> 1, flood", 2_000_000, FloodAsync);
        await MeasureAsync("ping-pong, 1 pair", 500_000, count => PingPongAsync(count, 1));
        await MeasureAsync("ping-pong, 8 pairs", 2_000_000, count => PingPongAsync(count, 8));
        await MeasureAsync("fan-in 1000 -> 1", 1_000_000, FanInAsync);
        await MeasureAsync("ask, 64 in flight", 200_000, AskAsync);
        await MeasureAsync("asynchronous handler, does not yield", 1_000_000, count => HandlersAsync(count, false));
        await MeasureAsync("asynchronous handler, yields", 200_000, count => HandlersAsync(count, true));
        await MeasureAsync("failure and restart", 20_000, RestartsAsync);
        await MemoryAsync();
    }

    private static async Task MeasureAsync(string what, int count, Func<int, Task> work)
    {
        for (int i = 0; i < WarmUps; i++)
        {
            await work(count / 4);
        }

        List<(double Nanoseconds, double Processor, double Bytes)> runs = [];
        for (int i = 0; i < Runs; i++)
        {
            GC.Collect();
            long bytes = GC.GetTotalAllocatedBytes(precise: true);
            TimeSpan processor = Environment.CpuUsage.TotalTime;
            long start = Stopwatch.GetTimestamp();
            await work(count);
            double nanoseconds = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            processor = Environment.CpuUsage.TotalTime - processor;
            bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
            runs.Add((nanoseconds / count, processor.TotalNanoseconds / count, bytes / (double)count));
        }

        (double median, double ofProcessor, double allocated) =
            runs.OrderBy(run => run.Nanoseconds).ElementAt(Runs / 2);
        double least = runs.Min(run => run.Nanoseconds);
        Console.WriteLine(
            $"{what,-40} {median,9:f1} ns/op (least {least:f1}, processor {ofProcessor:f1}) {allocated,8:f1} B/op");
    }

    private static async Task FloodAsync(int count)
    {
        await using ActorSystem system = NewSystem(count);
        TaskCompletionSource done = NewSource();
        IActorRef sink = system.ActorOf(Props.Create(() => new Sink(count, done)));
        object message = new();
        for (int i = 0; i < count; i++)
        {
            sink.Tell(message);
        }

        await done.Task;
    }

    private static async Task PingPongAsync(int count, int pairs)
    {
        await using ActorSystem system = NewSystem(count);
        TaskCompletionSource[] done = [.. Enumerable.Range(0, pairs).Select(_ => NewSource())];
        object ball = new();
        foreach (TaskCompletionSource source in done)
        {
            IActorRef pong = system.ActorOf(Props.Create<Echo>());
            IActorRef ping = system.ActorOf(Props.Create(() => new Ping(pong, count / pairs, source)));
            ping.Tell(ball, pong);
        }

        await Task.WhenAll(done.Select(source => source.Task));
    }

    private static async Task FanInAsync(int count)
    {
        const int Senders = 1_000;
        await using ActorSystem system = NewSystem(count);
        TaskCompletionSource done = NewSource();
        IActorRef sink = system.ActorOf(Props.Create(() => new Sink(count / Senders * Senders, done)));
        for (int i = 0; i < Senders; i++)
        {
            system.ActorOf(Props.Create(() => new Burst(sink, count / Senders))).Tell("go");
        }

        await done.Task;
    }

    private static async Task AskAsync(int count)
    {
        const int InFlight = 64;
        await using ActorSystem system = NewSystem(count);
        IActorRef echo = system.ActorOf(Props.Create<Echo>());
        object question = new();
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(async _ =>
        {
            for (int i = 0; i < count / InFlight; i++)
            {
                await echo.Ask<object>(question, TimeSpan.FromSeconds(30));
            }
        }));
    }

    private static async Task HandlersAsync(int count, bool yields)
    {
        await using ActorSystem system = NewSystem(count);
        TaskCompletionSource done = NewSource();
        IActorRef actor = system.ActorOf(Props.Create(() => new Asynchronous(count, yields, done)));
        object message = new();
        for (int i = 0; i < count; i++)
        {
            actor.Tell(message);
        }

        await done.Task;
    }

    private static async Task RestartsAsync(int count)
    {
        await using ActorSystem system = NewSystem(count);
        TaskCompletionSource done = NewSource();
        IActorRef parent = system.ActorOf(Props.Create<Forgiving>());
        IActorRef failing = await parent.Ask<IActorRef>(
            Props.Create(() => new Failing(done)), TimeSpan.FromSeconds(30));
        for (int i = 0; i < count; i++)
        {
            failing.Tell("fail");
        }

        failing.Tell("done");
        await done.Task;
    }

    private static async Task MemoryAsync()
    {
        const int Count = 100_000;
        await using ActorSystem system = NewSystem(Count);
        IActorRef[] actors = new IActorRef[Count];
        TaskCompletionSource done = NewSource();
        Gate gate = new(Count, done);
        Props props = Props.Create(() => new Counted(gate));
        long before = Settled();
        for (int i = 0; i < Count; i++)
        {
            actors[i] = system.ActorOf(props);
        }

        object message = new();
        foreach (IActorRef actor in actors)
        {
            actor.Tell(message);
        }

        await done.Task;
        long after = Settled();
        GC.KeepAlive(actors);
        Console.WriteLine($"{"idle actor that had a message",-40} {(after - before) / (double)Count,9:f0} B");
    }

    private static long Settled()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static ActorSystem NewSystem(int capacity) =>
        new("bench", new ActorSystemOptions { MailboxCapacity = Math.Max(65_536, capacity + 16) });

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Sink(int count, TaskCompletionSource done) : UntypedActor
    {
        private int _left = count;

        protected override void Handle(object message)
        {
            if (--_left == 0)
            {
                done.SetResult();
            }
        }
    }

    private sealed class Echo : UntypedActor
    {
        protected override void Handle(object message) => Sender?.Tell(message, Self);
    }

    private sealed class Gate(int count, TaskCompletionSource done)
    {
        private int _left = count;

        public void Pass()
        {
            if (Interlocked.Decrement(ref _left) == 0)
            {
                done.SetResult();
            }
        }
    }

    private sealed class Counted(Gate gate) : UntypedActor
    {
        protected override void Handle(object message) => gate.Pass();
    }

    private sealed class Ping(IActorRef pong, int count, TaskCompletionSource done) : UntypedActor
    {
        private int _left = count;

        protected override void Handle(object message)
        {
            if (_left-- > 0)
            {
                pong.Tell(message, Self);
            }
            else
            {
                done.SetResult();
            }
        }
    }

    private sealed class Burst(IActorRef sink, int count) : UntypedActor
    {
        protected override void Handle(object message)
        {
            for (int i = 0; i < count; i++)
            {
                sink.Tell(message);
            }
        }
    }

    private sealed class Asynchronous(int count, bool yields, TaskCompletionSource done) : ActorBase
    {
        private int _left = count;

        protected override async ValueTask OnReceive(object message)
        {
            if (yields)
            {
                await Task.Yield();
            }

            if (--_left == 0)
            {
                done.SetResult();
            }
        }
    }

    private sealed class Forgiving : UntypedActor
    {
        protected override SupervisorStrategy SupervisorStrategy =>
            new OneForOneStrategy(
                -1, TimeSpan.FromMinutes(1), _ => Directive.Restart);

        protected override void Handle(object message) => Sender?.Tell(Context.ActorOf((Props)message), Self);
    }

    private sealed class Failing(TaskCompletionSource done) : UntypedActor
    {
        private static readonly InvalidOperationException Planted = new("planted");

        protected override void Handle(object message)
        {
            if (message is "fail")
            {
                throw Planted;
            }

            done.SetResult();
        }
    }
}
