using SigmaComms.Actors.Health;
using SigmaComms.Actors.Supervision;
using SigmaComms.Actors.TestKit;
using static SigmaComms.Actors.Tests.ScriptedActor;

namespace SigmaComms.Actors.Tests;

public sealed class PendingHandlerTests
{
    [Fact]
    public async Task No_message_runs_while_a_handler_is_pending()
    {
        await using TestSystem test = new();
        TaskCompletionSource gate = new();
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props, "a");
        actor.Tell(Await(_ => new ValueTask(gate.Task)));
        actor.Tell("second");
        test.RunUntilIdle();

        string[] before = script.Take();
        ActorSnapshot pending = test.System.Tree().All.Single();
        gate.SetResult();
        test.RunUntilIdle();

        Assert.Equal(["start 1"], before);
        Assert.Equal(ActorState.Awaiting, pending.State);
        Assert.Equal(1, pending.Depth);
        Assert.Equal(["second"], script.Take());
    }

    [Fact]
    public async Task A_word_of_the_runtime_is_handled_while_a_handler_is_pending()
    {
        await using TestSystem test = new();
        TaskCompletionSource gate = new();
        Script child = new();
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props);
        actor.Tell(Do(me => me.Here.ActorOf(child.Props, "child")));
        actor.Tell(Await(_ => new ValueTask(gate.Task)));
        actor.Tell("later");
        test.RunUntilIdle();

        ActorCell.Of(actor).FindChild("child")!.Tell(new Planted());
        test.RunUntilIdle();

        Assert.Equal(2, child.Instances);
        Assert.DoesNotContain("later", script.Take());
        gate.SetResult();
    }

    [Fact]
    public async Task A_pending_handler_that_fails_is_a_failure_with_its_message()
    {
        await using TestSystem test = new();
        TaskCompletionSource gate = new();
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props);
        actor.Tell(Await(async _ =>
        {
            await gate.Task;
            throw new Planted();
        }));
        actor.Tell("next");
        test.RunUntilIdle();

        gate.SetResult();
        test.RunUntilIdle();

        Assert.Equal(["start 1", "stop 1", "start 2", "next"], script.Take());
    }

    [Fact]
    public async Task A_handler_that_returns_a_failed_task_at_once_is_a_failure()
    {
        await using TestSystem test = new();
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props);

        actor.Tell(Await(_ => ValueTask.FromException(new Planted())));
        test.RunUntilIdle();

        Assert.Equal(2, script.Instances);
    }

    [Fact]
    public async Task The_sender_is_the_same_before_and_after_an_await()
    {
        await using TestSystem test = new();
        TaskCompletionSource gate = new();
        TestProbe probe = test.CreateProbe();
        IActorRef? before = null;
        IActorRef? after = null;
        IActorRef actor = test.ActorOf(new Script().Props);
        probe.Send(actor, Await(async me =>
        {
            before = me.From;
            await gate.Task;
            after = me.From;
        }));

        gate.SetResult();
        test.RunUntilIdle();

        Assert.Equal(probe.Ref, before);
        Assert.Equal(probe.Ref, after);
    }

    [Fact]
    public async Task A_stop_cancels_the_token_and_waits_for_the_handler()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        bool cancelled = false;
        TaskCompletionSource cleanup = new();
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props);
        probe.Watch(actor);
        actor.Tell(Await(async me =>
        {
            CancellationToken token = me.Here.StopToken;
            TaskCompletionSource wanted = new();
            await using CancellationTokenRegistration registration = token.Register(wanted.SetResult);
            await wanted.Task;
            cancelled = true;
            await cleanup.Task;
        }));
        test.RunUntilIdle();

        test.System.Stop(actor);
        test.RunUntilIdle();
        probe.ExpectNoMsg();
        cleanup.SetResult();

        Assert.False(probe.ExpectTerminated(actor).Abandoned);
        Assert.True(cancelled);
        Assert.Equal(["start 1", "stop 1"], script.Take());
    }

    [Fact]
    public async Task A_stop_token_that_is_first_read_after_the_stop_is_cancelled()
    {
        await using TestSystem test = new();
        TaskCompletionSource gate = new();
        bool? cancelled = null;
        IActorRef actor = test.ActorOf(new Script().Props);
        actor.Tell(Await(async me =>
        {
            await gate.Task;
            cancelled = me.Here.StopToken.IsCancellationRequested;
        }));
        test.RunUntilIdle();

        test.System.Stop(actor);
        test.RunUntilIdle();
        gate.SetResult();
        test.RunUntilIdle();

        Assert.True(cancelled);
    }

    [Fact]
    public async Task The_new_instance_has_a_fresh_stop_token_and_the_old_one_may_be_used_for_ever()
    {
        await using TestSystem test = new();
        List<CancellationToken> tokens = [];
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props);

        actor.Tell(Do(me => tokens.Add(me.Here.StopToken)));
        actor.Tell(new Planted());
        actor.Tell(Do(me => tokens.Add(me.Here.StopToken)));
        test.RunUntilIdle();

        Assert.True(tokens[0].IsCancellationRequested);
        Assert.False(tokens[1].IsCancellationRequested);
        actor.Tell(PoisonPill.Instance);
        test.RunUntilIdle();
        Assert.True(tokens[1].IsCancellationRequested);
        await using CancellationTokenRegistration late = tokens[1].Register(() => tokens.Clear());
        Assert.Empty(tokens);
    }

    [Fact]
    public async Task A_callback_of_the_stop_token_that_fails_does_not_stop_the_stop()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        IActorRef actor = test.ActorOf(new Script().Props);
        probe.Watch(actor);
        actor.Tell(Do(me => me.Here.StopToken.Register(() => throw new Planted())));

        actor.Tell(PoisonPill.Instance);

        probe.ExpectTerminated(actor);
    }

    [Fact]
    public async Task A_handler_that_does_not_end_is_left_behind_and_Terminated_says_so()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        Script script = new();
        TaskCompletionSource never = new();
        IActorRef actor = test.ActorOf(script.Props, "stuck");
        probe.Watch(actor);
        actor.Tell(Await(_ => new ValueTask(never.Task)));
        actor.Tell("rest");
        test.RunUntilIdle();

        test.System.Stop(actor);
        test.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(ActorState.Stopping, test.System.Tree().All.Single(a => a.Path.Name == "stuck").State);
        test.Advance(TimeSpan.FromSeconds(0.1));

        Assert.True(probe.ExpectTerminated(actor).Abandoned);
        Assert.Equal(1, test.System.DeadLetters.CountOf("/user/stuck"));
        Assert.Equal(["start 1"], script.Take());
    }

    [Fact]
    public async Task A_handler_left_behind_sends_dead_letters_and_its_context_is_closed()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        TaskCompletionSource gate = new();
        List<Exception> refused = [];
        IActorRef actor = test.ActorOf(new Script().Props);
        actor.Tell(Await(async me =>
        {
            await gate.Task;
            probe.Ref.Tell("late", me.Address);
            refused.Add(Assert.ThrowsAny<Exception>(() => me.Here.ActorOf(new Script().Props)));
            refused.Add(Assert.ThrowsAny<Exception>(() => me.Here.Watch(probe.Ref)));
            refused.Add(Assert.ThrowsAny<Exception>(() => me.Here.Timers.StartSingle(1, 1, TimeSpan.Zero)));
            refused.Add(Assert.ThrowsAny<Exception>(() => me.Here.Stash.Stash()));
            refused.Add(Assert.ThrowsAny<Exception>(() => me.Here.SetReceiveTimeout(TimeSpan.FromSeconds(1))));
        }));
        test.RunUntilIdle();
        test.System.Stop(actor);
        test.Advance(TimeSpan.FromSeconds(5));

        gate.SetResult();
        test.RunUntilIdle();

        probe.ExpectNoMsg(TimeSpan.FromMinutes(1));
        Assert.Equal(1, test.System.DeadLetters.Count);
        Assert.Equal(5, refused.Count);
        Assert.All(refused, failure => Assert.IsType<ObjectDisposedException>(failure));
    }

    [Fact]
    public async Task A_restart_that_waits_too_long_for_the_handler_ends_the_actor()
    {
        await using Family family = new(new AllForOneStrategy(-1, TimeSpan.FromMinutes(1), _ => Directive.Restart));
        Script sibling = new();
        IActorRef? other = null;
        TaskCompletionSource never = new();
        family.Parent.Tell(Do(me => other = me.Here.ActorOf(sibling.Props, "sibling")));
        family.Run();
        other!.Tell(Await(_ => new ValueTask(never.Task)));
        family.Run();

        family.Child.Tell(new Planted());
        family.Test.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(2, family.ChildScript.Instances);
        Assert.Equal(1, sibling.Instances);
        Assert.DoesNotContain(family.Test.System.Tree().All, actor => actor.Path.Name == "sibling");
        family.Parent.Tell(Do(me => me.Here.ActorOf(sibling.Props, "sibling")));
        family.Run();
        Assert.Equal(2, sibling.Instances);
    }

    [Fact]
    public async Task A_pending_handler_is_awaited_by_a_restart_and_its_cancellation_is_no_failure()
    {
        await using Family family = new(new AllForOneStrategy(-1, TimeSpan.FromMinutes(1), _ => Directive.Restart));
        Script sibling = new();
        IActorRef? other = null;
        family.Parent.Tell(Do(me => other = me.Here.ActorOf(sibling.Props, "sibling")));
        family.Run();
        other!.Tell(Await(me => new ValueTask(
            Task.Delay(Timeout.InfiniteTimeSpan, family.Test.Time, me.Here.StopToken))));
        other.Tell("kept");
        family.Run();

        family.Child.Tell(new Planted());
        family.Run();

        Assert.Equal(["start 1", "stop 1", "start 2", "kept"], sibling.Take());
        Assert.Equal(0, family.Snapshot("sibling").FailuresInWindow);
    }

    [Fact]
    public async Task A_restart_and_a_stop_of_the_same_pending_handler_end_in_the_stop()
    {
        await using Family family = new(new AllForOneStrategy(-1, TimeSpan.FromMinutes(1), _ => Directive.Restart));
        Script sibling = new();
        IActorRef? other = null;
        TaskCompletionSource gate = new();
        family.Parent.Tell(Do(me => other = me.Here.ActorOf(sibling.Props, "sibling")));
        family.Run();
        other!.Tell(Await(_ => new ValueTask(gate.Task)));
        family.Run();

        family.Child.Tell(new Planted());
        family.Run();
        family.Parent.Tell(Do(me => me.Here.Stop(other)));
        family.Run();
        gate.SetResult();
        family.Run();

        Assert.Equal(["start 1", "stop 1"], sibling.Take());
        Assert.Equal(2, family.ChildScript.Instances);
    }

    [Fact]
    public async Task A_suspension_during_a_pending_handler_holds_the_next_message_back()
    {
        await using Family family = new(Script.Always(Directive.Restart));
        TaskCompletionSource gate = new();
        TaskCompletionSource restart = new();
        family.ParentScript.OnRestart = _ => new ValueTask(restart.Task);
        family.Child.Tell(Await(_ => new ValueTask(gate.Task)));
        family.Child.Tell("next");
        family.Parent.Tell(new Planted());
        family.Run();

        gate.SetResult();
        family.Run();
        string[] before = family.ChildScript.Take();
        restart.SetResult();
        family.Run();

        Assert.Equal(["start 1"], before);
        Assert.Equal(["next"], family.ChildScript.Take());
    }
}
