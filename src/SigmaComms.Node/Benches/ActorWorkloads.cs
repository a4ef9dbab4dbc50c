using SigmaComms.Actors;
using SigmaComms.Actors.Supervision;

namespace SigmaComms.Node.Benches;

/// <summary>What the actor runtime is measured by. One operation is one message, or one ask, or one restart.</summary>
internal static class ActorWorkloads
{
    private const int Senders = 1_000;
    private const int InFlight = 64;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>All of them, in their order.</summary>
    public static IReadOnlyList<ActorWorkload> All { get; } =
    [
        new("tell 1 -> 1, flood", 1, FloodAsync, ChannelWorkloads.FloodAsync),
        new("ping-pong, 1 pair", 2, n => PingPongAsync(n, 1, 1), n => ChannelWorkloads.PingPongAsync(n, 1, 1)),
        new("ping-pong, 1 pair, window 64", 1, n => PingPongAsync(n, 1, 64),
            n => ChannelWorkloads.PingPongAsync(n, 1, 64)),
        new("ping-pong, 8 pairs", 1, n => PingPongAsync(n, 8, 1), n => ChannelWorkloads.PingPongAsync(n, 8, 1)),
        new("fan-in 1000 -> 1", 1, n => FanInAsync(n, Senders), n => ChannelWorkloads.FanInAsync(n, Senders)),
        new("ask, 64 in flight", 5, n => AskAsync(n, InFlight), n => ChannelWorkloads.AskAsync(n, InFlight)),
        new("asynchronous handler, does not yield", 1, n => HandlersAsync(n, yields: false),
            n => ChannelWorkloads.HandlersAsync(n, yields: false)),
        new("asynchronous handler, yields", 5, n => HandlersAsync(n, yields: true),
            n => ChannelWorkloads.HandlersAsync(n, yields: true)),
        new("failure and restart", 50, RestartsAsync, null),
    ];

    public static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

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

    private static async Task PingPongAsync(int count, int pairs, int window)
    {
        await using ActorSystem system = NewSystem(count);
        TaskCompletionSource[] done = [.. Enumerable.Range(0, pairs).Select(_ => NewSource())];
        object ball = new();
        foreach (TaskCompletionSource source in done)
        {
            IActorRef pong = system.ActorOf(Props.Create<Echo>());
            IActorRef ping = system.ActorOf(Props.Create(() => new Ping(pong, count / pairs / 2, source)));
            for (int i = 0; i < window; i++)
            {
                ping.Tell(ball, pong);
            }
        }

        await Task.WhenAll(done.Select(source => source.Task));
    }

    private static async Task FanInAsync(int count, int senders)
    {
        await using ActorSystem system = NewSystem(count);
        TaskCompletionSource done = NewSource();
        int each = Math.Max(1, count / senders);
        IActorRef sink = system.ActorOf(Props.Create(() => new Sink(each * senders, done)));
        for (int i = 0; i < senders; i++)
        {
            system.ActorOf(Props.Create(() => new Burst(sink, each))).Tell("go");
        }

        await done.Task;
    }

    private static async Task AskAsync(int count, int inFlight)
    {
        await using ActorSystem system = NewSystem(count);
        IActorRef echo = system.ActorOf(Props.Create<Echo>());
        object question = new();
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(async _ =>
        {
            for (int i = 0; i < count / inFlight; i++)
            {
                await echo.Ask<object>(question, Limit);
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
        IActorRef failing = await parent.Ask<IActorRef>(Props.Create(() => new Failing(done)), Limit);
        for (int i = 0; i < count; i++)
        {
            failing.Tell("fail");
        }

        failing.Tell("done");
        await done.Task;
    }

    private static ActorSystem NewSystem(int capacity) =>
        new("bench", new ActorSystemOptions { MailboxCapacity = Math.Max(65_536, capacity + 16) });

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
                done.TrySetResult();
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
        // Whatever happens: that is what is measured.
        protected override SupervisorStrategy SupervisorStrategy =>
            new OneForOneStrategy(-1, TimeSpan.FromMinutes(1), static _ => Directive.Restart);

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
