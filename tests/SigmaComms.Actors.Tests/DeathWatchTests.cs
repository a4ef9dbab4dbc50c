using SigmaComms.Actors.Supervision;
using SigmaComms.Actors.TestKit;
using static SigmaComms.Actors.Tests.ScriptedActor;

namespace SigmaComms.Actors.Tests;

public sealed class DeathWatchTests
{
    [Fact]
    public async Task Terminated_comes_after_every_message_that_the_dead_actor_sent()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        Script script = new();
        script.OnStop = me =>
        {
            probe.Ref.Tell("last words", me.Address);
            return ValueTask.CompletedTask;
        };
        IActorRef actor = test.ActorOf(script.Props);
        probe.Watch(actor);

        actor.Tell(Do(me => probe.Ref.Tell("before", me.Address)));
        actor.Tell(PoisonPill.Instance);

        probe.ExpectMsg("before");
        probe.ExpectMsg("last words");
        probe.ExpectTerminated(actor);
    }

    [Fact]
    public async Task Watching_a_dead_actor_notifies_at_once()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        IActorRef actor = test.ActorOf(new Script().Props);
        actor.Tell(PoisonPill.Instance);
        test.RunUntilIdle();

        probe.Watch(actor);

        probe.ExpectTerminated(actor);
        probe.ExpectNoMsg();
    }

    [Fact]
    public async Task Watching_twice_notifies_once()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        IActorRef actor = test.ActorOf(new Script().Props);
        probe.Watch(actor);
        probe.Watch(actor);

        actor.Tell(PoisonPill.Instance);

        probe.ExpectTerminated(actor);
        probe.ExpectNoMsg();
    }

    [Fact]
    public async Task Ending_a_watch_takes_back_a_notice_that_is_in_the_mailbox_already()
    {
        await using TestSystem test = new();
        Script watcher = new();
        IActorRef actor = test.ActorOf(new Script().Props);
        IActorRef watching = test.ActorOf(watcher.Props);
        TaskCompletionSource gate = new();
        watching.Tell(Do(me => me.Here.Watch(actor)));
        watching.Tell(Await(async me =>
        {
            await gate.Task;
            me.Here.Unwatch(actor);
        }));
        test.RunUntilIdle();

        actor.Tell(PoisonPill.Instance);
        test.RunUntilIdle();
        gate.SetResult();
        test.RunUntilIdle();

        Assert.Equal(["start 1"], watcher.Take());
    }

    [Fact]
    public async Task Watching_again_after_ending_the_watch_notifies_once()
    {
        await using TestSystem test = new();
        Script watcher = new();
        IActorRef actor = test.ActorOf(new Script().Props);
        IActorRef watching = test.ActorOf(watcher.Props);
        TaskCompletionSource gate = new();
        watching.Tell(Do(me => me.Here.Watch(actor)));
        watching.Tell(Await(async me =>
        {
            await gate.Task;
            me.Here.Unwatch(actor);
            me.Here.WatchWith(actor, "ended");
        }));
        test.RunUntilIdle();

        actor.Tell(PoisonPill.Instance);
        test.RunUntilIdle();
        gate.SetResult();
        test.RunUntilIdle();

        Assert.Equal(["start 1", "ended"], watcher.Take());
    }

    [Fact]
    public async Task WatchWith_sends_its_own_message_and_replaces_an_earlier_one()
    {
        await using TestSystem test = new();
        Script watcher = new();
        IActorRef actor = test.ActorOf(new Script().Props);
        IActorRef watching = test.ActorOf(watcher.Props);

        watching.Tell(Do(me => me.Here.Watch(actor)));
        watching.Tell(Do(me => me.Here.WatchWith(actor, "first")));
        watching.Tell(Do(me => me.Here.WatchWith(actor, "second")));
        actor.Tell(PoisonPill.Instance);
        test.RunUntilIdle();

        Assert.Equal(["start 1", "second"], watcher.Take());
    }

    [Fact]
    public async Task An_unhandled_Terminated_is_a_broken_pact_and_stops_the_watcher_by_default()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        IActorRef actor = test.ActorOf(new Script().Props);
        IActorRef watching = test.ActorOf(Props.Create(() => new Careless(actor)), "careless");
        probe.Watch(watching);

        actor.Tell(PoisonPill.Instance);

        probe.ExpectTerminated(watching);
        Assert.IsType<DeathPactException>(test.System.SystemFailure);
    }

    [Fact]
    public async Task A_forwarded_Terminated_is_an_ordinary_message()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        IActorRef actor = test.ActorOf(new Script().Props);

        probe.Send(probe.Ref, new Terminated(actor));

        probe.ExpectTerminated(actor);
    }

    [Fact]
    public async Task A_stashed_Terminated_comes_back()
    {
        await using TestSystem test = new();
        List<object> seen = [];
        IActorRef actor = test.ActorOf(new Script().Props);
        IActorRef watching = test.ActorOf(new Script().Props);
        watching.Tell(Do(me =>
        {
            me.Here.Watch(actor);
            me.Here.Become(message =>
            {
                if (message is Terminated)
                {
                    me.Here.Stash.Stash();
                    me.Here.Become(later =>
                    {
                        seen.Add(later);
                        return ValueTask.CompletedTask;
                    });
                    me.Here.Stash.UnstashAll();
                }

                return ValueTask.CompletedTask;
            });
        }));
        test.RunUntilIdle();

        actor.Tell(PoisonPill.Instance);
        test.RunUntilIdle();

        Assert.Equal(actor, Assert.IsType<Terminated>(Assert.Single(seen)).Actor);
    }

    [Fact]
    public async Task A_watch_survives_the_restart_of_the_watcher()
    {
        await using TestSystem test = new();
        Script watcher = new();
        IActorRef actor = test.ActorOf(new Script().Props);
        IActorRef watching = test.ActorOf(watcher.Props);
        watching.Tell(Do(me => me.Here.WatchWith(actor, "ended")));
        watching.Tell(new Planted());
        test.RunUntilIdle();

        actor.Tell(PoisonPill.Instance);
        test.RunUntilIdle();

        Assert.Equal(["start 1", "stop 1", "start 2", "ended"], watcher.Take());
    }

    [Fact]
    public async Task The_restart_of_the_watched_is_no_end()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        IActorRef actor = test.ActorOf(new Script().Props);
        probe.Watch(actor);

        actor.Tell(new Planted());

        probe.ExpectNoMsg(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Who_knows_of_the_end_of_a_child_may_use_its_name_again()
    {
        await using ActorSystem system = new("pool");
        TaskCompletionSource<int> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        system.ActorOf(Props.Create(() => new Renewing(2_000, done)));

        Assert.Equal(2_000, await done.Task.WaitAsync(TimeSpan.FromSeconds(120)));
    }

    [Fact]
    public async Task An_actor_may_watch_itself_and_hears_nothing()
    {
        await using TestSystem test = new();
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props);

        actor.Tell(Do(me => me.Here.Watch(me.Address)));
        actor.Tell(PoisonPill.Instance);
        test.RunUntilIdle();

        Assert.Equal(["start 1", "stop 1"], script.Take());
        Assert.Equal(0, test.System.DeadLetters.Count);
    }

    [Fact]
    public async Task A_dead_watcher_is_forgotten()
    {
        await using TestSystem test = new();
        IActorRef actor = test.ActorOf(new Script().Props);
        IActorRef watching = test.ActorOf(new Script().Props);
        watching.Tell(Do(me => me.Here.Watch(actor)));
        watching.Tell(PoisonPill.Instance);
        test.RunUntilIdle();

        actor.Tell(PoisonPill.Instance);
        test.RunUntilIdle();

        Assert.Equal(0, test.System.DeadLetters.Count);
        Assert.Empty(test.System.Tree().All);
    }

    private sealed class Careless : ReceiveActor
    {
        public Careless(IActorRef actor) => Context.Watch(actor);
    }

    /// <summary>Makes a child of the same name again and again, as soon as it hears of the last one's end.</summary>
    private sealed class Renewing : ReceiveActor
    {
        private readonly int _rounds;
        private readonly TaskCompletionSource<int> _done;
        private int _round;

        public Renewing(int rounds, TaskCompletionSource<int> done)
        {
            _rounds = rounds;
            _done = done;
            Receive<Terminated>(_ => Next());
            Next();
        }

        protected override SupervisorStrategy SupervisorStrategy => Script.Always(Directive.Stop);

        private void Next()
        {
            if (_round == _rounds)
            {
                _done.TrySetResult(_round);
                return;
            }

            _round++;
            IActorRef child = Context.ActorOf(new Script().Props, "child");
            Context.Watch(child);
            child.Tell(PoisonPill.Instance);
        }
    }
}
