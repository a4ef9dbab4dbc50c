using SigmaComms.Actors.Breakers;
using SigmaComms.Actors.Health;
using SigmaComms.Actors.Supervision;
using static SigmaComms.Actors.Tests.BreakerBench;

namespace SigmaComms.Actors.Tests;

public sealed class BreakerOwnerTests
{
    [Fact]
    public async Task An_isolated_breaker_stays_so_until_it_is_closed_by_hand()
    {
        await using BreakerBench bench = new();

        await bench.Breaker.IsolateAsync();
        bench.Test.Advance(TimeSpan.FromDays(1));
        BreakerOpenException refused = bench.Refuse();
        await bench.Breaker.CloseAsync();

        Assert.Equal(BreakerState.Isolated, refused.State);
        Assert.Equal("ok", bench.Succeed());
        Assert.Equal([BreakerState.Isolated, BreakerState.Closed], bench.Changes());
    }

    [Fact]
    public async Task An_open_breaker_can_be_closed_by_hand()
    {
        await using BreakerBench bench = new();
        bench.Open();

        await bench.Breaker.CloseAsync();

        Assert.Equal("ok", bench.Succeed());
        Assert.Equal([BreakerState.Open, BreakerState.Closed], bench.Changes());
    }

    [Fact]
    public async Task A_restart_of_the_owner_does_not_close_it()
    {
        await using BreakerBench bench = new();
        bench.Open();

        bench.Owner.Tell(new Planted("the owner fails"));
        Breaker after = bench.OfOwner();

        Assert.Same(bench.Breaker, after);
        Assert.Equal(BreakerState.Open, after.State);
        Assert.Equal(1, bench.OwnerHealth.Restarts);
    }

    [Fact]
    public async Task It_ends_with_its_owner_and_leaves_no_timer()
    {
        await using BreakerBench bench = new();
        bench.Open();
        bench.Changes();

        bench.Owner.Tell(PoisonPill.Instance);
        bench.Test.RunUntilIdle();

        Assert.Null(bench.Test.Time.UntilNext);
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => bench.Breaker.RunAsync(_ => ValueTask.FromResult(1), default).AsTask());
        Assert.Empty(bench.Changes());
    }

    [Fact]
    public async Task The_owners_health_tells_its_state_and_for_how_long_it_has_not_been_closed()
    {
        await using BreakerBench bench = new();
        DateTimeOffset opened = bench.Test.Time.GetUtcNow();
        bench.Open();
        bench.Refuse();
        bench.Test.Advance(5 * Second);
        bench.Fail();
        bench.Test.Advance(Second);

        BreakerSnapshot open = bench.Health;
        bench.Test.Advance(9 * Second);
        bench.Succeed();

        Assert.Equal(
            new BreakerSnapshot("disk", BreakerState.Open, opened, 6 * Second, 9 * Second, 2, 1, "Planted: 0"), open);
        Assert.Equal(
            new BreakerSnapshot("disk", BreakerState.Closed, null, TimeSpan.Zero, TimeSpan.Zero, 2, 1, "Planted: 0"),
            bench.Health);
    }

    [Fact]
    public async Task Another_name_is_another_breaker_and_the_same_name_the_same()
    {
        await using BreakerBench bench = new();
        Breaker? other = null;
        Breaker? same = null;

        bench.Owner.Tell(ScriptedActor.Do(me =>
        {
            other = me.Here.Breaker(new BreakerSettings("net"));
            same = me.Here.Breaker(new BreakerSettings("disk"));
        }));
        bench.Test.RunUntilIdle();

        Assert.Same(bench.Breaker, same);
        Assert.NotSame(bench.Breaker, other);
        Assert.Equal(["disk", "net"], bench.OwnerHealth.Breakers.Select(breaker => breaker.Name));
    }

    [Fact]
    public async Task A_handler_that_waits_for_a_call_goes_on_in_its_actors_turn()
    {
        await using BreakerBench bench = new();
        TaskCompletionSource<string> source = new();
        SynchronizationContext? after = null;
        IActorRef? sender = null;
        bench.Owner.Tell(
            ScriptedActor.Await(async me =>
            {
                await me.Here.Breaker(bench.Settings).RunAsync(_ => new ValueTask<string>(source.Task), default);
                after = SynchronizationContext.Current;
                sender = me.From;
            }),
            bench.Owner);
        bench.Test.RunUntilIdle();
        ActorState waiting = bench.OwnerHealth.State;

        source.SetResult("ok");
        bench.Test.RunUntilIdle();

        Assert.Equal(ActorState.Awaiting, waiting);
        Assert.NotNull(after);
        Assert.Equal(bench.Owner, sender);
    }

    [Fact]
    public async Task Calls_on_many_threads_give_one_unbroken_chain_of_changes()
    {
        await using ActorSystem system = new("pool");
        ChangeLog log = new();
        IActorRef listener = system.ActorOf(Props.Create(() => log.NewActor()));
        system.EventStream.Subscribe(listener, typeof(BreakerChanged));
        BreakerSettings settings = new("disk")
        {
            CallsMin = 2,
            FailureRatio = 0.1,
            Break = new Backoff(TimeSpan.FromTicks(1), TimeSpan.FromTicks(1), 0, TimeSpan.Zero),
        };
        Breaker breaker = await system.ActorOf(new Script().Props).Ask<Breaker>(
            ScriptedActor.Do(me => me.From!.Tell(me.Here.Breaker(settings))), TimeSpan.FromSeconds(120));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            for (int i = 0; i < 500; i++)
            {
                try
                {
                    await breaker.TryRunAsync(
                        async _ =>
                        {
                            await Task.Yield();
                            return i % 7 == worker ? throw new Planted() : i;
                        },
                        default);
                }
                catch (Planted)
                {
                    // What is tested is only what the breaker makes of it.
                }
            }
        })));
        List<BreakerChanged> changes = await listener.Ask<List<BreakerChanged>>("all", TimeSpan.FromSeconds(120));

        Assert.NotEmpty(changes);
        Assert.Equal(BreakerState.Closed, changes[0].From);
        Assert.All(changes.Zip(changes.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
    }

    private sealed class ChangeLog
    {
        private readonly List<BreakerChanged> _changes = [];

        public ActorBase NewActor() => new Listener(this);

        private sealed class Listener(ChangeLog log) : UntypedActor
        {
            protected override void Handle(object message)
            {
                if (message is BreakerChanged change)
                {
                    log._changes.Add(change);
                }
                else
                {
                    Sender?.Tell(log._changes.ToList());
                }
            }
        }
    }
}
