using SigmaComms.Actors.Health;
using SigmaComms.Actors.Supervision;
using SigmaComms.Actors.TestKit;
using static SigmaComms.Actors.Tests.ScriptedActor;

namespace SigmaComms.Actors.Tests;

public sealed class SupervisionTests
{
    [Fact]
    public async Task Resume_keeps_the_instance_and_goes_on_with_the_next_message()
    {
        await using Family family = new(Script.Always(Directive.Resume));

        family.Child.Tell(new Planted());
        family.Child.Tell("next");
        family.Run();

        Assert.Equal(["start 1", "next"], family.ChildScript.Take());
    }

    [Fact]
    public async Task Stop_ends_the_child_and_the_rest_become_dead_letters()
    {
        await using Family family = new(Script.Always(Directive.Stop));

        family.Child.Tell(new Planted());
        family.Child.Tell("lost");
        family.Run();

        Assert.Equal(["start 1", "stop 1"], family.ChildScript.Take());
        Assert.Equal(1, family.Test.System.DeadLetters.Count);
    }

    [Fact]
    public async Task Escalate_makes_the_parent_fail_with_the_same_cause()
    {
        await using Family family = new(Script.Always(Directive.Escalate));
        family.GrandparentScript.Strategy = Script.Always(Directive.Stop);

        family.Child.Tell(new Planted("deep"));
        family.Run();

        Assert.Equal(["start 1", "stop 1"], family.ParentScript.Take());
        Assert.Equal(["start 1", "stop 1"], family.ChildScript.Take());
    }

    [Fact]
    public async Task An_escalated_failure_that_is_resumed_above_lets_the_failed_child_go_on()
    {
        await using Family family = new(Script.Always(Directive.Escalate));
        family.GrandparentScript.Strategy = Script.Always(Directive.Resume);

        family.Child.Tell(new Planted());
        family.Child.Tell("next");
        family.Run();

        Assert.Equal(["start 1", "next"], family.ChildScript.Take());
        Assert.Equal(ActorState.Running, family.StateOf("child"));
    }

    [Fact]
    public async Task An_escalated_failure_restarts_the_child_that_the_restarted_parent_kept()
    {
        await using Family family = new(Script.Always(Directive.Escalate));
        family.ParentScript.OnRestart = _ => ValueTask.CompletedTask;

        family.Child.Tell(new Planted());
        family.Child.Tell("next");
        family.Run();

        Assert.Equal(["start 1", "stop 1", "start 2", "next"], family.ChildScript.Take());
        Assert.Equal(ActorState.Running, family.StateOf("child"));
    }

    [Fact]
    public async Task A_decider_that_fails_escalates()
    {
        await using Family family = new(
            new OneForOneStrategy(-1, TimeSpan.FromMinutes(1), _ => throw new Planted("in the decider")));
        family.GrandparentScript.Strategy = Script.Always(Directive.Stop);

        family.Child.Tell(new Planted());
        family.Run();

        Assert.Equal(["start 1", "stop 1"], family.ParentScript.Take());
    }

    [Fact]
    public async Task The_children_of_a_failed_actor_do_nothing_until_it_goes_on()
    {
        await using Family family = new(Script.Always(Directive.Restart));
        TaskCompletionSource gate = new();
        Script grandchild = new();
        IActorRef? deep = null;
        family.ChildScript.OnRestart = _ => new ValueTask(gate.Task);
        family.Child.Tell(Do(me => deep = me.Here.ActorOf(grandchild.Props, "deep")));
        family.Child.Tell(new Planted());
        family.Run();

        deep!.Tell("meanwhile");
        family.Run();
        string[] before = grandchild.Take();
        ActorState state = family.StateOf("deep");
        gate.SetResult();
        family.Run();

        Assert.Equal(["start 1"], before);
        Assert.Equal(ActorState.Suspended, state);
        Assert.Equal(["meanwhile"], grandchild.Take());
    }

    [Fact]
    public async Task A_child_that_failed_stays_suspended_when_its_suspended_parent_goes_on()
    {
        // The parent's decider is asked about the child only after the grandparent let the parent go on.
        await using Family family = new(Script.Always(Directive.Stop));
        family.GrandparentScript.Strategy = Script.Always(Directive.Resume);
        family.Child.Tell(new Planted());
        family.Child.Tell("not with a broken state");
        family.Parent.Tell(new Planted());

        family.Run();

        Assert.Equal(["start 1", "stop 1"], family.ChildScript.Take());
    }

    [Fact]
    public async Task A_restarting_child_takes_no_message_on_its_old_instance_when_its_parent_is_resumed()
    {
        await using Family family = new(Script.Always(Directive.Restart));
        family.GrandparentScript.Strategy = Script.Always(Directive.Resume);
        TaskCompletionSource gate = new();
        family.ChildScript.OnStop = _ => family.ChildScript.Instances == 1 ? new ValueTask(gate.Task) : default;
        family.Child.Tell(new Planted());
        family.Child.Tell("for the new instance");
        family.Run();

        family.Parent.Tell(new Planted());
        family.Run();
        string[] before = family.ChildScript.Take();
        gate.SetResult();
        family.Run();

        Assert.Equal(["start 1", "stop 1"], before);
        Assert.Equal(["start 2", "for the new instance"], family.ChildScript.Take());
    }

    [Fact]
    public async Task A_child_made_by_a_suspended_actor_waits_with_it()
    {
        await using Family family = new(Script.Always(Directive.Resume));
        TaskCompletionSource make = new();
        TaskCompletionSource restart = new();
        Script late = new();
        family.ParentScript.OnRestart = _ => new ValueTask(restart.Task);
        family.Child.Tell(Await(async me =>
        {
            await make.Task;
            me.Here.ActorOf(late.Props, "late").Tell("early");
        }));
        family.Parent.Tell(new Planted());
        family.Run();

        make.SetResult();
        family.Run();
        string[] before = late.Take();
        restart.SetResult();
        family.Run();

        Assert.Equal(["start 1"], before);
        Assert.Equal(["early"], late.Take());
        Assert.Equal(ActorState.Running, family.StateOf("late"));
    }

    [Fact]
    public async Task One_restart_more_than_the_limit_stops_the_child_and_leaves_its_siblings_alone()
    {
        await using Family family = new(Script.Always(Directive.Restart, maxRetries: 3));
        Script sibling = new();
        family.Parent.Tell(Do(me => me.Here.ActorOf(sibling.Props, "sibling")));
        family.Run();

        for (int i = 0; i < 100; i++)
        {
            family.Child.Tell(new Planted());
        }

        family.Run();

        Assert.Equal(4, family.ChildScript.Instances);
        Assert.Equal(["start 1"], sibling.Take());
        Assert.Equal(96, family.Test.System.DeadLetters.Count);
    }

    [Fact]
    public async Task A_failure_that_does_not_count_is_waited_out_without_a_limit_and_the_others_still_have_theirs()
    {
        await using Family family = new(
            new OneForOneStrategy(
                2, TimeSpan.FromHours(9), _ => Directive.Restart,
                new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), 0, TimeSpan.FromMinutes(1)))
            {
                Counts = static cause => cause.Message != "away",
            });
        family.ChildScript.OnStart = me => me.Instance is > 1 and < 100 ? throw new Planted("away") : default;

        family.Child.Tell(new Planted("away"));
        family.Test.Advance(TimeSpan.FromMinutes(10));
        int afterOutage = family.ChildScript.Instances;
        ActorState back = family.StateOf("child");
        for (int i = 0; i < 3; i++)
        {
            family.Child.Tell(new Planted());
            family.Test.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.Equal((100, ActorState.Running), (afterOutage, back));
        Assert.Equal(102, family.ChildScript.Instances);
        Assert.DoesNotContain(family.Test.System.Tree().All, actor => actor.Path.Name == "child");
    }

    [Fact]
    public async Task Restarts_outside_of_the_window_do_not_count()
    {
        await using Family family = new(Script.Always(Directive.Restart, maxRetries: 1));

        for (int i = 0; i < 5; i++)
        {
            family.Child.Tell(new Planted());
            family.Test.Advance(TimeSpan.FromSeconds(61));
        }

        Assert.Equal(6, family.ChildScript.Instances);
    }

    [Fact]
    public async Task With_an_infinite_window_every_restart_counts()
    {
        await using Family family = new(
            new OneForOneStrategy(1, Timeout.InfiniteTimeSpan, _ => Directive.Restart));

        for (int i = 0; i < 3; i++)
        {
            family.Child.Tell(new Planted());
            family.Test.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(2, family.ChildScript.Instances);
    }

    [Fact]
    public async Task A_failure_from_before_a_restart_does_not_cause_a_second_one()
    {
        await using Family family = new(
            new AllForOneStrategy(-1, TimeSpan.FromMinutes(1), _ => Directive.Restart));
        Script sibling = new();
        IActorRef? other = null;
        family.Parent.Tell(Do(me => other = me.Here.ActorOf(sibling.Props, "sibling")));
        family.Run();

        family.Child.Tell(new Planted());
        other!.Tell(new Planted());
        family.Run();

        Assert.Equal(2, family.ChildScript.Instances);
        Assert.Equal(2, sibling.Instances);
    }

    [Fact]
    public async Task AllForOne_counts_the_restarts_of_all_children_together()
    {
        await using Family family = new(
            new AllForOneStrategy(2, TimeSpan.FromMinutes(1), _ => Directive.Restart));
        Script sibling = new();
        IActorRef? other = null;
        family.Parent.Tell(Do(me => other = me.Here.ActorOf(sibling.Props, "sibling")));
        family.Run();

        foreach (IActorRef failing in (IActorRef[])[family.Child, other!, family.Child])
        {
            failing.Tell(new Planted());
            family.Run();
        }

        Assert.Equal(["child", "sibling"], new[] { family.Child, other! }.Select(actor => actor.Path.Name));
        Assert.Equal(3, family.ChildScript.Instances);
        Assert.DoesNotContain(family.Test.System.Tree().All, actor => actor.Path.Name is "child" or "sibling");
    }

    [Fact]
    public async Task The_old_strategy_decides_while_the_supervisor_has_no_instance()
    {
        await using Family family = new(Script.Always(Directive.Resume));
        family.GrandparentScript.Strategy = new OneForOneStrategy(
            -1, TimeSpan.FromMinutes(1), _ => Directive.Restart,
            new Backoff(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5), 0, TimeSpan.FromMinutes(1)));
        family.ParentScript.OnRestart = _ => ValueTask.CompletedTask;
        TaskCompletionSource gate = new();
        family.Child.Tell(Await(async _ =>
        {
            await gate.Task;
            throw new Planted("while the parent waits");
        }));
        family.Run();
        family.Parent.Tell(new Planted());
        family.Run();
        Assert.Equal(ActorState.Backoff, family.StateOf("parent"));

        gate.SetResult();
        family.Child.Tell("after");
        family.Test.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(["start 1", "after"], family.ChildScript.Take());
    }

    [Fact]
    public async Task A_top_actor_that_is_given_up_fails_the_health_of_the_system()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        test.System.EventStream.Subscribe(probe.Ref, typeof(SystemFailed));
        Script script = new() { OnStart = _ => throw new Planted("at the top") };

        IActorRef actor = test.ActorOf(script.Props, "top");

        Assert.Equal(actor.Path, probe.ExpectMsg<SystemFailed>().Actor);
        Assert.Contains("at the top", test.System.Tree().Failure, StringComparison.Ordinal);
        probe.Send(probe.Ref, "the others go on");
        probe.ExpectMsg("the others go on");
    }
}
