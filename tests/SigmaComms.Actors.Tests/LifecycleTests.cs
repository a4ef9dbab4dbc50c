using SigmaComms.Actors.Health;
using SigmaComms.Actors.Supervision;
using SigmaComms.Actors.TestKit;
using static SigmaComms.Actors.Tests.ScriptedActor;

namespace SigmaComms.Actors.Tests;

public sealed class LifecycleTests
{
    [Fact]
    public async Task A_restart_makes_a_new_instance_and_keeps_reference_uid_watchers_and_mailbox()
    {
        await using TestSystem test = new();
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props, "a");
        ActorPath before = actor.Path;
        TestProbe probe = test.CreateProbe();
        probe.Watch(actor);

        actor.Tell(new Planted());
        actor.Tell("kept");
        test.RunUntilIdle();

        Assert.Equal(["start 1", "stop 1", "start 2", "kept"], script.Take());
        Assert.Equal(before, actor.Path);
        probe.ExpectNoMsg();
        actor.Tell(PoisonPill.Instance);
        probe.ExpectTerminated(actor);
    }

    [Fact]
    public async Task The_failing_message_is_lost()
    {
        await using TestSystem test = new();
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props);
        int runs = 0;

        actor.Tell(Do(_ =>
        {
            runs++;
            throw new Planted();
        }));
        test.RunUntilIdle();

        Assert.Equal(1, runs);
        Assert.Equal(2, script.Instances);
    }

    [Fact]
    public async Task A_failing_constructor_stops_the_child_without_PostStop()
    {
        await using TestSystem test = new();
        Script script = new() { OnConstruct = _ => throw new Planted() };
        TestProbe probe = test.CreateProbe();

        IActorRef actor = test.ActorOf(script.Props);
        probe.Watch(actor);

        probe.ExpectTerminated(actor);
        Assert.Empty(script.Take());
        Assert.Equal(1, script.Instances);
    }

    [Fact]
    public async Task A_failing_PreStart_stops_the_child_and_lets_it_clean_up()
    {
        await using TestSystem test = new();
        Script script = new() { OnStart = _ => throw new Planted() };
        TestProbe probe = test.CreateProbe();

        IActorRef actor = test.ActorOf(script.Props);
        probe.Watch(actor);

        probe.ExpectTerminated(actor);
        Assert.Equal(["start 1", "stop 1"], script.Take());
    }

    [Fact]
    public async Task A_failing_constructor_leaves_no_child_behind_for_the_next_attempt()
    {
        await using TestSystem test = new();
        Script child = new();
        Script script = new();
        script.OnConstruct = made =>
        {
            made.Here.ActorOf(child.Props, "child");
            if (script.Instances < 3)
            {
                throw new Planted();
            }
        };
        Script parent = new()
        {
            Strategy = new OneForOneStrategy(
                -1, TimeSpan.FromMinutes(1), _ => Directive.Restart,
                new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), 0, TimeSpan.FromMinutes(1))),
        };
        IActorRef supervisor = test.ActorOf(parent.Props);

        supervisor.Tell(Do(me => me.Here.ActorOf(script.Props, "a")));
        test.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(3, script.Instances);
        Assert.Equal(["start 1", "stop 1", "start 2", "stop 2", "start 3"], child.Take());
    }

    [Fact]
    public async Task A_failing_constructor_at_a_restart_does_not_run_PostStop_of_the_old_instance_again()
    {
        await using TestSystem test = new();
        Script script = new();
        script.OnConstruct = _ =>
        {
            if (script.Instances > 1)
            {
                throw new Planted("second");
            }
        };
        TestProbe probe = test.CreateProbe();
        IActorRef actor = test.ActorOf(script.Props);
        probe.Watch(actor);

        actor.Tell(new Planted());

        probe.ExpectTerminated(actor);
        Assert.Equal(["start 1", "stop 1"], script.Take());
    }

    [Fact]
    public async Task A_stop_while_waiting_for_a_restart_ends_the_actor_at_once_and_PostStop_ran_once()
    {
        await using TestSystem test = new();
        Script script = new();
        Script parent = Backoff(TimeSpan.FromSeconds(10));
        IActorRef supervisor = test.ActorOf(parent.Props, "parent");
        supervisor.Tell(Do(me => me.Here.ActorOf(script.Props, "a")));
        supervisor.Tell(Do(me => me.Here.Child("a")!.Tell(new Planted())));
        test.RunUntilIdle();
        Assert.Equal(ActorState.Backoff, StateOf(test, "a"));

        supervisor.Tell(Do(me => me.Here.Stop(me.Here.Child("a")!)));
        test.RunUntilIdle();

        Assert.Equal(["start 1", "stop 1"], script.Take());
        Assert.DoesNotContain(test.System.Tree().All, actor => actor.Path.Name == "a");
        test.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, script.Instances);
    }

    [Fact]
    public async Task Children_are_stopped_by_a_restart_before_the_new_instance_starts()
    {
        await using TestSystem test = new();
        Script child = new();
        Script script = new() { OnStart = me => Made(me.Here.ActorOf(child.Props, "child")) };
        IActorRef actor = test.ActorOf(script.Props);

        actor.Tell(new Planted());
        test.RunUntilIdle();

        Assert.Equal(["start 1", "stop 1", "start 2"], child.Take());
        Assert.Equal(["start 1", "stop 1", "start 2"], script.Take());
    }

    [Fact]
    public async Task Children_that_PreRestart_keeps_go_on_after_the_restart()
    {
        await using TestSystem test = new();
        Script child = new();
        Script script = new() { OnRestart = _ => ValueTask.CompletedTask };
        IActorRef actor = test.ActorOf(script.Props);
        actor.Tell(Do(me => me.Here.ActorOf(child.Props, "child")));

        actor.Tell(new Planted());
        actor.Tell(Do(me => me.Here.Child("child")!.Tell("hello")));
        test.RunUntilIdle();

        Assert.Equal(["start 1", "hello"], child.Take());
        Assert.Equal(["start 1", "start 2"], script.Take());
    }

    [Fact]
    public async Task A_failing_PreRestart_stops_the_children_and_the_restart_goes_on()
    {
        await using TestSystem test = new();
        Script child = new();
        Script script = new()
        {
            OnStart = me => Made(me.Here.ActorOf(child.Props, "child")),
            OnRestart = _ => throw new Planted("in PreRestart"),
        };
        IActorRef actor = test.ActorOf(script.Props);

        actor.Tell(new Planted());
        actor.Tell("after");
        test.RunUntilIdle();

        Assert.Equal(["start 1", "start 2", "after"], script.Take());
        Assert.Equal(["start 1", "stop 1", "start 2"], child.Take());
    }

    [Fact]
    public async Task A_PostStop_that_fails_still_ends_the_actor()
    {
        await using TestSystem test = new();
        Script script = new() { OnStop = _ => throw new Planted("in PostStop") };
        TestProbe probe = test.CreateProbe();
        IActorRef actor = test.ActorOf(script.Props);
        probe.Watch(actor);

        actor.Tell(PoisonPill.Instance);

        Assert.False(probe.ExpectTerminated(actor).Abandoned);
    }

    [Fact]
    public async Task A_PostStop_that_never_ends_is_left_behind_after_the_stop_timeout()
    {
        await using TestSystem test = new();
        TaskCompletionSource never = new();
        Script script = new() { OnStop = _ => new ValueTask(never.Task) };
        TestProbe probe = test.CreateProbe();
        IActorRef actor = test.ActorOf(script.Props);
        probe.Watch(actor);

        actor.Tell(PoisonPill.Instance);
        probe.ExpectNoMsg(TimeSpan.FromSeconds(4.9));
        test.Advance(TimeSpan.FromSeconds(0.1));

        Assert.True(probe.ExpectTerminated(actor).Abandoned);
    }

    [Fact]
    public async Task A_PreRestart_that_never_ends_is_left_behind_and_the_actor_ends()
    {
        await using TestSystem test = new();
        TaskCompletionSource never = new();
        Script script = new() { OnRestart = _ => new ValueTask(never.Task) };
        TestProbe probe = test.CreateProbe();
        IActorRef actor = test.ActorOf(script.Props.WithStopTimeout(TimeSpan.FromSeconds(1)));
        probe.Watch(actor);

        actor.Tell(new Planted());
        test.Advance(TimeSpan.FromSeconds(1));

        Assert.True(probe.ExpectTerminated(actor).Abandoned);
        Assert.Equal(1, script.Instances);
    }

    [Fact]
    public async Task A_stop_during_a_pending_PreRestart_runs_PostStop_once()
    {
        await using TestSystem test = new();
        TaskCompletionSource gate = new();
        Script script = new();
        script.OnStop = _ => script.Instances == 1 ? new ValueTask(gate.Task) : ValueTask.CompletedTask;
        TestProbe probe = test.CreateProbe();
        IActorRef actor = test.ActorOf(script.Props);
        probe.Watch(actor);
        actor.Tell(new Planted());
        test.RunUntilIdle();

        test.System.Stop(actor);
        test.RunUntilIdle();
        gate.SetResult();

        probe.ExpectTerminated(actor);
        Assert.Equal(["start 1", "stop 1"], script.Take());
    }

    [Fact]
    public async Task Two_names_cannot_be_equal_until_the_parent_has_seen_the_end()
    {
        await using TestSystem test = new();
        IActorRef actor = test.ActorOf(new Script().Props, "a");

        Assert.Throws<ArgumentException>(() => test.System.ActorOf(new Script().Props, "a"));
        actor.Tell(PoisonPill.Instance);
        test.RunUntilIdle();
        IActorRef second = test.ActorOf(new Script().Props, "a");

        Assert.NotEqual(actor.Path.Uid, second.Path.Uid);
        Assert.Equal(actor.Path.Elements, second.Path.Elements);
    }

    [Theory]
    [InlineData("")]
    [InlineData("$x")]
    [InlineData("a/b")]
    [InlineData("a#1")]
    public async Task A_name_that_could_be_mistaken_for_a_path_is_refused(string name)
    {
        await using TestSystem test = new();

        Assert.Throws<ArgumentException>(() => test.System.ActorOf(new Script().Props, name));
    }

    [Fact]
    public async Task A_factory_that_gives_the_same_instance_again_is_found_out()
    {
        await using TestSystem test = new();
        ScriptedActor? made = null;
        Script script = new();
        TestProbe probe = test.CreateProbe();
        IActorRef actor = test.ActorOf(Props.Create(() => made ??= new ScriptedActor(script)));
        probe.Watch(actor);

        actor.Tell(new Planted());

        probe.ExpectTerminated(actor);
        Assert.Contains("new instance", LastError(test), StringComparison.Ordinal);
    }

    [Fact]
    public void An_actor_made_without_Props_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => new ScriptedActor(new Script()));

    [Fact]
    public async Task A_child_made_by_an_ending_actor_has_ended_before_it_begins()
    {
        await using TestSystem test = new();
        Script child = new();
        IActorRef? made = null;
        Script script = new()
        {
            OnStop = me =>
            {
                made = me.Here.ActorOf(child.Props, "late");
                return ValueTask.CompletedTask;
            },
        };
        TestProbe probe = test.CreateProbe();
        IActorRef actor = test.ActorOf(script.Props);

        actor.Tell(PoisonPill.Instance);
        test.RunUntilIdle();
        probe.Watch(made!);

        probe.ExpectTerminated(made!);
        Assert.Equal(0, child.Instances);
    }

    private static Script Backoff(TimeSpan delay) => new()
    {
        Strategy = new OneForOneStrategy(
            -1, TimeSpan.FromMinutes(1), _ => Directive.Restart, new Backoff(delay, delay, 0, TimeSpan.FromMinutes(1))),
    };

    private static ValueTask Made(IActorRef actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return ValueTask.CompletedTask;
    }

    private static ActorState StateOf(TestSystem test, string name) =>
        test.System.Tree().All.Single(actor => actor.Path.Name == name).State;

    private static string LastError(TestSystem test) => $"{test.System.SystemFailure?.Message}";
}
