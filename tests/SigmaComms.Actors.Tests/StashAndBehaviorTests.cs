using SigmaComms.Actors.Supervision;
using SigmaComms.Actors.TestKit;
using static SigmaComms.Actors.Tests.ScriptedActor;

namespace SigmaComms.Actors.Tests;

public sealed class StashAndBehaviorTests
{
    [Fact]
    public async Task Stashed_messages_come_back_in_front_and_in_order()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        IActorRef actor = test.ActorOf(Props.Create(() => new Door(probe.Ref)));

        foreach (object message in (object[])["a", "b", "open", "c"])
        {
            actor.Tell(message);
        }

        Assert.Equal(["a", "b", "c"], Enumerable.Range(0, 3).Select(_ => probe.ExpectMsg<string>()));
    }

    [Fact]
    public async Task A_stashed_message_keeps_its_sender()
    {
        await using TestSystem test = new();
        TestProbe sender = test.CreateProbe();
        TestProbe probe = test.CreateProbe();
        IActorRef actor = test.ActorOf(Props.Create(() => new Door(probe.Ref)));

        sender.Send(actor, "a");
        actor.Tell("open");

        probe.ExpectMsg("a");
        Assert.Equal(sender.Ref, probe.LastSender);
    }

    [Fact]
    public async Task The_stash_survives_a_restart_and_is_put_back_in_front()
    {
        await using TestSystem test = new();
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props);
        actor.Tell(Do(me => me.Here.Become(_ =>
        {
            me.Here.Stash.Stash();
            return me.Here.Stash.Count < 3 ? ValueTask.CompletedTask : throw new Planted();
        })));

        foreach (string message in (string[])["a", "b", "c", "d"])
        {
            actor.Tell(message);
        }

        test.RunUntilIdle();

        Assert.Equal(["start 1", "stop 1", "start 2", "a", "b", "c", "d"], script.Take());
    }

    [Fact]
    public async Task The_stash_holds_1024_messages_and_one_more_is_a_failure()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        Script supervisor = new() { Strategy = new OneForOneStrategy(-1, TimeSpan.FromMinutes(1), Decide) };
        Exception? failure = null;
        int held = 0;
        IActorRef parent = test.ActorOf(supervisor.Props);
        parent.Tell(Do(me => me.Here.ActorOf(Props.Create(() => new Door(probe.Ref)), "door")));
        test.RunUntilIdle();
        IActorRef door = ActorCell.Of(parent).FindChild("door")!;

        for (int i = 0; i < 1025; i++)
        {
            door.Tell($"{i}");
        }

        test.RunUntilIdle();
        door.Tell("open");
        held = probe.Waiting;

        Assert.IsType<StashOverflowException>(failure);
        Assert.Equal(1024, held);

        Directive Decide(Exception cause)
        {
            failure = cause;
            return Directive.Resume;
        }
    }

    [Fact]
    public async Task A_message_cannot_be_stashed_twice_nor_outside_of_a_message()
    {
        await using TestSystem test = new();
        List<Exception> refused = [];
        Script script = new()
        {
            OnStart = me =>
            {
                refused.Add(Assert.Throws<InvalidOperationException>(() => me.Here.Stash.Stash()));
                return ValueTask.CompletedTask;
            },
        };
        IActorRef actor = test.ActorOf(script.Props);

        actor.Tell(Do(me =>
        {
            me.Here.Stash.Stash();
            refused.Add(Assert.Throws<InvalidOperationException>(() => me.Here.Stash.Stash()));
        }));
        test.RunUntilIdle();

        Assert.Equal(2, refused.Count);
    }

    [Fact]
    public async Task A_stashed_timer_message_comes_back()
    {
        await using TestSystem test = new();
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props);
        actor.Tell(Do(me =>
        {
            me.Here.Timers.StartSingle("key", "tick", TimeSpan.FromSeconds(1));
            me.Here.BecomeStacked(_ =>
            {
                me.Here.Stash.Stash();
                me.Here.UnbecomeStacked();
                me.Here.Stash.UnstashAll();
                return ValueTask.CompletedTask;
            });
        }));

        test.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["start 1", "tick"], script.Take());
    }

    [Fact]
    public async Task What_is_still_stashed_at_the_end_becomes_dead_letters()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        IActorRef actor = test.ActorOf(Props.Create(() => new Door(probe.Ref)), "door");
        actor.Tell("a");
        actor.Tell("b");

        test.System.Stop(actor);
        test.RunUntilIdle();
        actor.Tell("c");

        Assert.Equal(3, test.System.DeadLetters.CountOf("/user/door"));
    }

    [Fact]
    public async Task Become_replaces_and_BecomeStacked_goes_back()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        IActorRef actor = test.ActorOf(Props.Create(() => new Moody(probe.Ref)));

        foreach (string message in (string[])["?", "stack", "?", "replace", "?", "back", "?", "back", "?"])
        {
            actor.Tell(message);
        }

        Assert.Equal(
            ["calm", "stacked", "replaced", "calm", "calm"],
            Enumerable.Range(0, 5).Select(_ => probe.ExpectMsg<string>()));
    }

    [Fact]
    public async Task A_restart_clears_the_behaviours()
    {
        await using TestSystem test = new();
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props);

        actor.Tell(Do(me => me.Here.BecomeStacked(_ => throw new Planted())));
        actor.Tell("lost");
        actor.Tell("seen");
        test.RunUntilIdle();

        Assert.Equal(["start 1", "stop 1", "start 2", "seen"], script.Take());
    }

    [Fact]
    public async Task The_first_declared_handler_that_fits_handles_the_message()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        IActorRef actor = test.ActorOf(Props.Create(() => new Sorting(probe.Ref)));

        foreach (object message in (object[])[12, 3, "text", 4.5])
        {
            actor.Tell(message);
        }

        Assert.Equal(
            ["large", "int", "string", "any"], Enumerable.Range(0, 4).Select(_ => probe.ExpectMsg<string>()));
    }

    [Fact]
    public async Task A_message_that_came_back_can_be_put_aside_again_and_keeps_its_place()
    {
        await using TestSystem test = new();
        Script script = new();
        int turns = 0;
        IActorRef actor = test.ActorOf(script.Props);
        actor.Tell(Do(me => me.Here.Become(message =>
        {
            if ($"{message}" == "open" || turns >= 2)
            {
                me.Here.Stash.UnstashAll();
                turns++;
            }
            else
            {
                me.Here.Stash.Stash();
            }

            script.Events.Add($"{message} {me.Here.Stash.Count}");
            return ValueTask.CompletedTask;
        })));

        foreach (string message in (string[])["a", "b", "open", "open", "c"])
        {
            actor.Tell(message);
        }

        test.RunUntilIdle();

        Assert.Equal(
            ["start 1", "a 1", "b 2", "open 0", "a 1", "b 2", "open 0", "a 0", "b 0", "c 0"], script.Take());
    }

    [Fact]
    public async Task Taking_back_an_empty_stash_changes_nothing()
    {
        await using TestSystem test = new();
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props);

        actor.Tell(Do(me => me.Here.Stash.UnstashAll()));
        actor.Tell("a");
        test.RunUntilIdle();

        Assert.Equal(["start 1", "a"], script.Take());
    }

    [Fact]
    public async Task What_comes_back_is_before_all_that_waits_even_if_that_came_in_a_flood()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        IActorRef actor = test.ActorOf(Props.Create(() => new Door(probe.Ref)));
        string[] early = [.. Enumerable.Range(0, 100).Select(i => $"early {i}")];
        string[] late = [.. Enumerable.Range(0, 500).Select(i => $"late {i}")];

        foreach (string message in (string[])[.. early, "open", .. late])
        {
            actor.Tell(message);
        }

        Assert.Equal([.. early, .. late], probe.ReceiveN(600).Cast<string>());
    }

    [Fact]
    public async Task A_handler_may_put_its_message_aside_after_an_await()
    {
        await using TestSystem test = new();
        Script script = new();
        TaskCompletionSource gate = new();
        IActorRef actor = test.ActorOf(script.Props);
        actor.Tell(Do(me => me.Here.BecomeStacked(async _ =>
        {
            await gate.Task;
            me.Here.Stash.Stash();
            me.Here.UnbecomeStacked();
            me.Here.Stash.UnstashAll();
        })));
        actor.Tell("a");
        actor.Tell("b");
        test.RunUntilIdle();

        gate.SetResult();
        test.RunUntilIdle();

        Assert.Equal(["start 1", "a", "b"], script.Take());
    }

    /// <summary>Stashes everything until it is opened.</summary>
    private sealed class Door : ReceiveActor
    {
        public Door(IActorRef to)
        {
            Receive<string>(message => message == "open", _ =>
            {
                Become(() => ReceiveAny(message => to.Tell(message, Sender)));
                Context.Stash.UnstashAll();
            });
            ReceiveAny(_ => Context.Stash.Stash());
        }
    }

    private sealed class Moody : ReceiveActor
    {
        private readonly IActorRef _to;

        public Moody(IActorRef to)
        {
            _to = to;
            Mood("calm");
        }

        private void Mood(string mood)
        {
            Receive<string>(message => message == "?", _ => _to.Tell(mood));
            Receive<string>(message => message == "stack", _ => BecomeStacked(() => Mood("stacked")));
            Receive<string>(message => message == "replace", _ => Become(() => Mood("replaced")));
            Receive<string>(message => message == "back", _ => UnbecomeStacked());
        }
    }

    private sealed class Sorting : ReceiveActor
    {
        public Sorting(IActorRef to)
        {
            Receive<int>(number => number > 10, _ => to.Tell("large"));
            Receive<int>(_ => to.Tell("int"));
            ReceiveAsync<string>(async _ =>
            {
                await Task.Yield();
                to.Tell("string");
            });
            ReceiveAny(_ => to.Tell("any"));
        }
    }
}
