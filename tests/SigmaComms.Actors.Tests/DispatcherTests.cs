using SigmaComms.Actors.Health;
using SigmaComms.Actors.TestKit;
using static SigmaComms.Actors.Tests.ScriptedActor;

namespace SigmaComms.Actors.Tests;

public sealed class DispatcherTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_pinned_actor_has_a_thread_of_its_own_for_its_handlers_and_for_what_they_await()
    {
        await using ActorSystem system = new("pool");
        Props props = new Script().Props.WithDispatcher(Dispatcher.Pinned);
        IActorRef first = system.ActorOf(props, "first");
        IActorRef second = system.ActorOf(props, "second");

        Thread[] ofFirst = await ThreadsOfAsync(first);
        Thread[] ofSecond = await ThreadsOfAsync(second);

        Assert.Single(ofFirst.Distinct());
        Assert.Single(ofSecond.Distinct());
        Assert.NotSame(ofFirst[0], ofSecond[0]);
        Assert.All([ofFirst[0], ofSecond[0]], thread => Assert.False(thread.IsThreadPoolThread));
        Assert.Equal("Actor first", ofFirst[0].Name);
    }

    [Fact]
    public async Task The_thread_of_a_pinned_actor_ends_with_it()
    {
        await using ActorSystem system = new("pool");
        IActorRef actor = system.ActorOf(new Script().Props.WithDispatcher(Dispatcher.Pinned));
        Thread thread = (await ThreadsOfAsync(actor))[0];

        system.Stop(actor);

        Assert.True(thread.Join(Limit));
    }

    [Fact]
    public async Task Control_actors_of_a_system_share_one_thread_that_ends_with_the_system()
    {
        ActorSystem system = new("pool");
        Props props = new Script().Props.WithDispatcher(Dispatcher.Control);
        Thread[] threads =
        [
            .. await ThreadsOfAsync(system.ActorOf(props)), .. await ThreadsOfAsync(system.ActorOf(props)),
        ];
        bool ofPool = threads[0].IsThreadPoolThread;

        await system.DisposeAsync();

        Assert.Single(threads.Distinct());
        Assert.False(ofPool);
        Assert.True(threads[0].Join(Limit));
    }

    [Fact]
    public async Task A_bulkhead_lets_only_so_many_turns_run_at_a_time_and_in_the_end_all()
    {
        await using ActorSystem system = new("pool");
        Dispatcher two = Dispatcher.Limited(2);
        using SemaphoreSlim release = new(0);
        using CountdownEvent inside = new(2);
        int now = 0;
        int most = 0;
        IActorRef[] actors =
            [.. Enumerable.Range(0, 12).Select(_ => system.ActorOf(new Script().Props.WithDispatcher(two)))];
        foreach (IActorRef actor in actors)
        {
            actor.Tell(Do(_ =>
            {
                int current = Interlocked.Increment(ref now);
                InterlockedMax(ref most, current);
                if (!inside.IsSet)
                {
                    inside.Signal();
                }

                release.Wait(Limit);
                Interlocked.Decrement(ref now);
            }));
        }

        bool twoAtATime = inside.Wait(Limit);
        release.Release(actors.Length);
        string[] answers = await Task.WhenAll(
            actors.Select(actor => actor.Ask<string>(Do(me => me.From!.Tell("done")), Limit)));

        Assert.True(twoAtATime);
        Assert.Equal(2, most);
        Assert.Equal(actors.Length, answers.Length);
    }

    [Fact]
    public async Task A_full_bulkhead_does_not_hold_up_another_one()
    {
        await using ActorSystem system = new("pool");
        using ManualResetEventSlim release = new();
        using ManualResetEventSlim inside = new();
        IActorRef stuck = system.ActorOf(new Script().Props.WithDispatcher(Dispatcher.Limited(1)));
        IActorRef free = system.ActorOf(new Script().Props.WithDispatcher(Dispatcher.Limited(1)));
        stuck.Tell(Do(_ =>
        {
            inside.Set();
            release.Wait(Limit);
        }));
        Assert.True(inside.Wait(Limit));

        string answer = await free.Ask<string>(Do(me => me.From!.Tell("free")), Limit);
        release.Set();

        Assert.Equal("free", answer);
    }

    [Fact]
    public async Task Many_messages_through_every_kind_of_dispatcher_keep_their_order()
    {
        await using ActorSystem system = new("pool");
        Dispatcher limited = Dispatcher.Limited(1);
        foreach (Dispatcher dispatcher in (Dispatcher[])[limited, Dispatcher.Pinned, Dispatcher.Control])
        {
            Script script = new();
            IActorRef actor = system.ActorOf(script.Props.WithDispatcher(dispatcher));

            for (int i = 0; i < 1_000; i++)
            {
                actor.Tell(i);
            }

            await actor.Ask<string>(Do(me => me.From!.Tell("done")), Limit);
            Assert.Equal(Enumerable.Range(0, 1_000).Select(i => $"{i}").Prepend("start 1"), script.Take());
        }
    }

    [Fact]
    public async Task In_a_simulation_all_turns_are_on_its_thread()
    {
        await using TestSystem test = new();
        List<Thread> threads = [];

        foreach (Dispatcher dispatcher in (Dispatcher[])[Dispatcher.Pinned, Dispatcher.Control, Dispatcher.Limited(3)])
        {
            IActorRef actor = test.ActorOf(new Script().Props.WithDispatcher(dispatcher));
            actor.Tell(Do(_ => threads.Add(Thread.CurrentThread)));
        }

        test.RunUntilIdle();
        Assert.Equal(Enumerable.Repeat(Thread.CurrentThread, 3), threads);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_handler_that_holds_its_thread_is_reported_while_it_does(bool pinned)
    {
        await using ActorSystem system = new("pool");
        using ManualResetEventSlim release = new();
        TaskCompletionSource<HandlerHoldsThread> reported = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef listener = system.ActorOf(Props.Create(() => new Listener(reported)), "listener");
        system.EventStream.Subscribe(listener, typeof(HandlerHoldsThread));
        Props props = new Script().Props;
        IActorRef actor = system.ActorOf(pinned ? props.WithDispatcher(Dispatcher.Pinned) : props, "slow");
        actor.Tell(Do(_ => release.Wait(Limit)));

        HandlerHoldsThread report = await reported.Task.WaitAsync(Limit);
        ActorSnapshot holding = Slow(system);
        release.Set();
        await actor.Ask<string>(Do(me => me.From!.Tell("done")), Limit);
        bool over = SpinWait.SpinUntil(() => Slow(system).HoldingFor == TimeSpan.Zero, Limit);

        Assert.Equal(("/user/slow", nameof(ScriptedActor)), (report.Actor.Elements, report.Type));
        Assert.True(report.For > TimeSpan.FromMilliseconds(100));
        Assert.True(holding.HoldingFor > TimeSpan.FromMilliseconds(100));
        Assert.Equal(Verdict.Degraded, holding.Own);
        Assert.True(over);
    }

    [Fact]
    public void A_bulkhead_for_nobody_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Dispatcher.Limited(0));

    private static ActorSnapshot Slow(ActorSystem system) =>
        system.Tree().All.Single(actor => actor.Path.Name == "slow");

    private static Task<Thread[]> ThreadsOfAsync(IActorRef actor) => actor.Ask<Thread[]>(
        Await(async me =>
        {
            Thread before = Thread.CurrentThread;
            IActorRef asker = me.From!;
            await Task.Yield();
            Thread between = Thread.CurrentThread;
            await Task.Run(static () => Thread.CurrentThread);
            asker.Tell((Thread[])[before, between, Thread.CurrentThread]);
        }),
        Limit);

    private static void InterlockedMax(ref int most, int value)
    {
        for (int seen = Volatile.Read(ref most); value > seen;)
        {
            int found = Interlocked.CompareExchange(ref most, value, seen);
            if (found == seen)
            {
                return;
            }

            seen = found;
        }
    }

    private sealed class Listener(TaskCompletionSource<HandlerHoldsThread> reported) : UntypedActor
    {
        protected override void Handle(object message)
        {
            if (message is HandlerHoldsThread { Actor.Name: "slow" } report)
            {
                reported.TrySetResult(report);
            }
        }
    }
}
