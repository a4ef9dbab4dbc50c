using System.Collections.Concurrent;
using SigmaComms.Actors.Health;
using SigmaComms.Actors.Supervision;

namespace SigmaComms.Actors.Tests;

/// <summary>The real thread pool, where order, loss and wake-ups can go wrong. Every run prints its seed.</summary>
public sealed class StressTests
{
    // Only for what hangs: a busy machine takes a minute for what a quiet one does in a second.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Many_senders_and_receivers_lose_nothing_double_nothing_and_keep_the_order(int round)
    {
        int seed = Random.Shared.Next();
        Console.WriteLine($"Many_senders_and_receivers, round {round}: seed {seed}");
        Random random = new(seed);
        const int Senders = 16;
        const int Receivers = 16;
        const int PerSender = 20_000;
        await using ActorSystem system = new("stress", new ActorSystemOptions
        {
            MailboxCapacity = 1_000_000,
            Throughput = random.Next(1, 100),
        });
        Tally tally = new(Senders * PerSender);
        int[] seeds = [.. Enumerable.Range(0, Receivers).Select(_ => random.Next())];
        IActorRef[] receivers = [.. seeds.Select((own, i) =>
            system.ActorOf(Props.Create(() => new Parent(tally, i, own))))];

        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender =>
        {
            int ownSeed = random.Next();
            return Task.Factory.StartNew(
                () => Send(sender, PerSender, receivers, new Random(ownSeed)),
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }));

        bool all = await EndsAsync(tally.Done);
        Assert.True(all, $"{tally.Received} of {tally.Expected}; {Describe(system)}");
        Assert.Equal("", tally.Fault);
        Assert.Equal(0, system.DeadLetters.Count);
    }

    [Fact]
    public async Task Pairs_that_fall_asleep_after_every_message_are_always_woken()
    {
        await using ActorSystem system = new("pairs");
        const int Pairs = 50;
        const int Rounds = 4_000;
        Tally tally = new(Pairs);
        for (int i = 0; i < Pairs; i++)
        {
            IActorRef pong = system.ActorOf(Props.Create<Pong>());
            system.ActorOf(Props.Create(() => new Ping(pong, Rounds, tally)));
        }

        bool all = await EndsAsync(tally.Done);

        Assert.True(all, $"{tally.Received} of {Pairs}; {Describe(system)}");
    }

    [Fact]
    public async Task Senders_that_wait_for_room_are_all_let_in_and_keep_their_order()
    {
        await using ActorSystem system = new("waiting");
        const int Senders = 8;
        const int PerSender = 5_000;
        Tally tally = new(Senders * PerSender);
        IActorRef receiver = system.ActorOf(
            Props.Create(() => new Receiver(tally, 0, 1, fails: false)).WithMailbox(5, Overflow.Wait));

        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
        {
            for (int i = 0; i < PerSender; i++)
            {
                Assert.Equal(SendResult.Accepted, await receiver.TellAsync(new Numbered(sender, i)));
            }
        }))).WaitAsync(Limit);

        bool all = await EndsAsync(tally.Done);
        Assert.True(all, $"{tally.Received} of {tally.Expected}; {Describe(system)}");
        Assert.Equal("", tally.Fault);
    }

    [Fact]
    public async Task What_is_sent_while_an_actor_ends_is_handled_or_a_dead_letter()
    {
        await using ActorSystem system = new("ending");
        const int Senders = 4;
        long handled = 0;
        long accepted = 0;
        long refused = 0;
        for (int round = 0; round < 200; round++)
        {
            IActorRef actor = system.ActorOf(
                Props.Create(() => new Counting(() => Interlocked.Increment(ref handled))));
            Task[] senders = [.. Enumerable.Range(0, Senders).Select(sender => Task.Run(() =>
            {
                for (int i = 0; i < 200; i++)
                {
                    ref long counter = ref actor.TryTell(i) == SendResult.Accepted ? ref accepted : ref refused;
                    Interlocked.Increment(ref counter);
                    if (sender == 0 && i == 100)
                    {
                        system.Stop(actor);
                    }
                }
            }))];
            await Task.WhenAll(senders);
        }

        Assert.True(await system.Terminate(Limit));
        Assert.Equal(200L * 200 * Senders, accepted + refused);
        Assert.Equal(accepted + refused, handled + system.DeadLetters.Count);
    }

    [Fact]
    public async Task A_flooded_actor_hinders_neither_its_siblings_nor_its_own_stop()
    {
        await using ActorSystem system = new("flood", new ActorSystemOptions { MailboxCapacity = 1_000 });
        IActorRef flooded = system.ActorOf(Props.Create(() => new Counting(() => Thread.SpinWait(1_000))), "flooded");
        IActorRef sibling = system.ActorOf(Props.Create<Pong>(), "sibling");
        using CancellationTokenSource end = new();
        Task flood = Task.Factory.StartNew(
            () =>
            {
                while (!end.IsCancellationRequested)
                {
                    flooded.Tell("flood");
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        for (int i = 0; i < 100; i++)
        {
            await sibling.Ask<string>("ping", Limit);
        }

        int depth = system.Tree().All.Single(actor => actor.Path.Name == "flooded").Depth;
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        system.ActorOf(Props.Create(() => new Watcher(flooded, ended)));
        system.Stop(flooded);
        bool stopped = await EndsAsync(ended.Task);
        await end.CancelAsync();
        await flood;

        Assert.True(stopped);
        Assert.InRange(depth, 0, 1_016);
    }

    [Fact]
    public async Task Two_flooded_actors_on_two_threads_let_a_third_have_its_turn()
    {
        await using ActorSystem system = new("busy");
        IActorRef[] busy = [.. Enumerable.Range(0, Environment.ProcessorCount + 1).Select(_ =>
            system.ActorOf(Props.Create<Endless>()))];
        IActorRef quiet = system.ActorOf(Props.Create<Pong>());

        Array.ForEach(busy, actor => actor.Tell("go"));
        for (int i = 0; i < 20; i++)
        {
            await quiet.Ask<string>("ping", Limit);
        }

        Assert.All(system.Tree().All, actor => Assert.NotEqual(ActorState.Stopped, actor.State));
    }

    [Fact]
    public async Task An_actor_woken_by_a_handler_that_holds_its_thread_runs_on_another()
    {
        await using ActorSystem system = new("held");
        using ManualResetEventSlim woken = new();
        TaskCompletionSource<bool> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef other = system.ActorOf(Props.Create(() => new Counting(woken.Set)));
        IActorRef holding = system.ActorOf(Props.Create(() => new Counting(() =>
        {
            other.Tell("wake up");
            seen.SetResult(woken.Wait(Limit));
        })));

        holding.Tell("go");

        Assert.True(await seen.Task);
    }

    private static async Task<bool> EndsAsync(Task task)
    {
        try
        {
            await task.WaitAsync(Limit);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static void Send(int sender, int count, IActorRef[] receivers, Random random)
    {
        int[] next = new int[receivers.Length];
        for (int i = 0; i < count; i++)
        {
            int to = random.Next(receivers.Length);
            receivers[to].Tell(new Numbered(sender, next[to]++));
        }
    }

    private static string Describe(ActorSystem system) => string.Join(
        "; ", system.Tree().All.Where(actor => actor.Depth > 0 || actor.State != ActorState.Running)
            .Select(actor => $"{actor.Path.Elements} {actor.State} {actor.Depth}"));

    private sealed record Numbered(int Sender, int Number);

    /// <summary>Counts what came, and keeps the first thing that was wrong.</summary>
    private sealed class Tally(long expected)
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ConcurrentQueue<string> _faults = new();
        private long _received;

        public long Expected => expected;

        public long Received => Volatile.Read(ref _received);

        public Task Done => _done.Task;

        public string Fault => _faults.TryPeek(out string? fault) ? fault : "";

        public void Note(string? fault)
        {
            if (fault is not null)
            {
                _faults.Enqueue(fault);
            }

            if (Interlocked.Increment(ref _received) == expected)
            {
                _done.TrySetResult();
            }
        }
    }

    private sealed class Parent : UntypedActor
    {
        private readonly IActorRef _child;

        public Parent(Tally tally, int id, int seed) =>
            _child = Context.ActorOf(Props.Create(() => new Receiver(tally, id, seed, fails: true)));

        protected override SupervisorStrategy SupervisorStrategy => Script.Always(Directive.Resume);

        protected override void Handle(object message) => _child.Tell(message, Sender);
    }

    /// <summary>Checks the order of each sender; now and then it yields, or fails and is resumed.</summary>
    private sealed class Receiver(Tally tally, int id, int seed, bool fails) : ActorBase
    {
        private readonly Dictionary<int, int> _next = [];
        private readonly Random _random = new(seed);
        private int _inside;

        protected override async ValueTask OnReceive(object message)
        {
            Numbered numbered = (Numbered)message;
            int expected = _next.GetValueOrDefault(numbered.Sender);
            _next[numbered.Sender] = numbered.Number + 1;
            string? fault = Interlocked.Increment(ref _inside) != 1 ? $"two messages at once in {id}"
                : expected != numbered.Number ? $"{numbered} instead of {expected} in {id}"
                : null;
            int chance = _random.Next(1_000);
            if (chance < 20)
            {
                await Task.Yield();
            }

            Interlocked.Decrement(ref _inside);
            tally.Note(fault);
            if (fails && chance is (0 or 500))
            {
                throw new Planted();
            }
        }
    }

    private sealed class Ping : UntypedActor
    {
        private readonly IActorRef _pong;
        private readonly Tally _tally;
        private int _left;

        public Ping(IActorRef pong, int rounds, Tally tally)
        {
            _pong = pong;
            _tally = tally;
            _left = rounds;
            pong.Tell("ping", Self);
        }

        protected override void Handle(object message)
        {
            if (--_left > 0)
            {
                _pong.Tell("ping", Self);
            }
            else
            {
                _tally.Note(null);
            }
        }
    }

    private sealed class Pong : UntypedActor
    {
        protected override void Handle(object message) => Sender?.Tell("pong", Self);
    }

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(IActorRef actor, TaskCompletionSource ended)
        {
            Context.Watch(actor);
            Receive<Terminated>(_ => ended.TrySetResult());
        }
    }

    private sealed class Counting(Action count) : UntypedActor
    {
        protected override void Handle(object message) => count();
    }

    /// <summary>Always has a next message for itself.</summary>
    private sealed class Endless : UntypedActor
    {
        protected override void Handle(object message) => Self.Tell(message);
    }
}
