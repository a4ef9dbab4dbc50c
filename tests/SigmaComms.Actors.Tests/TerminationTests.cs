using SigmaComms.Actors.Supervision;
using SigmaComms.Actors.TestKit;
using static SigmaComms.Actors.Tests.ScriptedActor;

namespace SigmaComms.Actors.Tests;

public sealed class TerminationTests
{
    [Fact]
    public async Task The_current_message_is_finished_and_the_rest_become_dead_letters()
    {
        await using TestSystem test = new();
        Script script = new();
        TaskCompletionSource gate = new();
        IActorRef actor = test.ActorOf(script.Props, "a");
        actor.Tell(Await(async _ =>
        {
            await gate.Task;
            script.Events.Add("finished");
        }));
        actor.Tell("rest");
        test.RunUntilIdle();

        test.System.Stop(actor);
        test.RunUntilIdle();
        gate.SetResult();
        test.RunUntilIdle();

        Assert.Equal(["start 1", "finished", "stop 1"], script.Take());
        Assert.Equal(1, test.System.DeadLetters.CountOf("/user/a"));
    }

    [Fact]
    public async Task A_poison_pill_lets_the_messages_before_it_pass()
    {
        await using TestSystem test = new();
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props, "a");

        actor.Tell("before");
        actor.Tell(PoisonPill.Instance);
        actor.Tell("after");
        test.RunUntilIdle();

        Assert.Equal(["start 1", "before", "stop 1"], script.Take());
        Assert.Equal(1, test.System.DeadLetters.CountOf("/user/a"));
    }

    [Fact]
    public async Task A_stop_passes_the_messages_that_wait()
    {
        await using TestSystem test = new();
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props, "a");

        actor.Tell("waits");
        test.System.Stop(actor);
        test.RunUntilIdle();

        Assert.Equal(["start 1", "stop 1"], script.Take());
    }

    [Fact]
    public async Task Children_end_at_the_same_time_and_before_their_parent()
    {
        await using TestSystem test = new();
        List<string> order = [];
        TaskCompletionSource slow = new();
        IActorRef parent = test.ActorOf(Noting("parent").Props);
        Script first = Noting("first");
        Func<ScriptedActor, ValueTask> note = first.OnStop!;
        first.OnStop = async me =>
        {
            await slow.Task;
            await note(me);
        };
        parent.Tell(Do(me =>
        {
            me.Here.ActorOf(first.Props);
            me.Here.ActorOf(Noting("second").Props);
        }));
        test.RunUntilIdle();

        parent.Tell(PoisonPill.Instance);
        test.RunUntilIdle();
        string[] before = [.. order];
        slow.SetResult();
        test.RunUntilIdle();

        Assert.Equal(["second"], before);
        Assert.Equal(["second", "first", "parent"], order);

        Script Noting(string name) => new()
        {
            OnStop = _ =>
            {
                order.Add(name);
                return ValueTask.CompletedTask;
            },
        };
    }

    [Fact]
    public async Task Terminate_ends_the_whole_tree_from_the_leaves()
    {
        TestSystem test = new();
        List<string> order = [];
        Script leaf = new() { OnStop = _ => Note("leaf") };
        Script branch = new() { OnStop = _ => Note("branch") };
        IActorRef top = test.ActorOf(branch.Props);
        top.Tell(Do(me => me.Here.ActorOf(leaf.Props)));
        test.RunUntilIdle();

        Task<bool> ended = test.System.Terminate(TimeSpan.FromSeconds(10));
        test.RunUntilIdle();

        Assert.True(test.Await(ended));
        Assert.Equal(["leaf", "branch"], order);
        Assert.True(test.System.WhenTerminated.IsCompletedSuccessfully);
        Assert.Empty(test.System.Tree().All);
        await test.DisposeAsync();

        ValueTask Note(string name)
        {
            order.Add(name);
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task Terminate_gives_up_waiting_after_its_grace()
    {
        await using TestSystem test = new();
        TaskCompletionSource never = new();
        IActorRef actor = test.ActorOf(new Script().Props.WithStopTimeout(TimeSpan.FromSeconds(60)));
        actor.Tell(Await(_ => new ValueTask(never.Task)));
        test.RunUntilIdle();

        Task<bool> ended = test.System.Terminate(TimeSpan.FromSeconds(10));

        Assert.False(test.Await(ended));
        Assert.False(test.System.WhenTerminated.IsCompleted);
    }

    [Fact]
    public async Task After_the_end_of_the_system_a_new_actor_has_ended_before_it_begins()
    {
        TestSystem test = new();
        await test.DisposeAsync();
        Script script = new();

        IActorRef actor = test.ActorOf(script.Props);

        Assert.Equal(SendResult.Terminated, actor.TryTell("hello"));
        Assert.Equal(0, script.Instances);
    }

    [Fact]
    public async Task Only_the_actor_itself_and_its_parent_can_stop_it()
    {
        await using Family family = new(Script.Always(Directive.Stop));
        Exception? refused = null;

        family.Grandparent.Tell(Do(me => refused = Record.Exception(() => me.Here.Stop(family.Child))));
        family.Run();

        Assert.IsType<ArgumentException>(refused);
        Assert.Throws<ArgumentException>(() => family.Test.System.Stop(family.Child));
    }

    [Fact]
    public async Task A_failure_in_the_message_that_asked_for_the_stop_still_ends_in_the_stop()
    {
        await using TestSystem test = new();
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props);

        actor.Tell(Do(me =>
        {
            me.Here.Stop(me.Address);
            throw new Planted();
        }));
        test.RunUntilIdle();

        Assert.Equal(["start 1", "stop 1"], script.Take());
    }

    [Fact]
    public async Task Stopping_twice_is_stopping_once()
    {
        await using TestSystem test = new();
        Script script = new();
        TestProbe probe = test.CreateProbe();
        IActorRef actor = test.ActorOf(script.Props);
        probe.Watch(actor);

        test.System.Stop(actor);
        actor.Tell(PoisonPill.Instance);
        test.System.Stop(actor);

        probe.ExpectTerminated(actor);
        probe.ExpectNoMsg();
        Assert.Equal(["start 1", "stop 1"], script.Take());
    }
}
