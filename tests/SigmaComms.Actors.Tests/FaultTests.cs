using SigmaComms.Actors.Health;
using SigmaComms.Actors.Supervision;
using SigmaComms.Actors.TestKit;
using static SigmaComms.Actors.Tests.ScriptedActor;

namespace SigmaComms.Actors.Tests;

/// <summary>An actor that fails at every point of its life, and what it does to those around it: nothing.</summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData("construct")]
    [InlineData("start")]
    [InlineData("receive")]
    [InlineData("timer")]
    [InlineData("await")]
    [InlineData("stop")]
    [InlineData("restart")]
    public async Task Wherever_an_actor_fails_its_siblings_never_notice(string where)
    {
        await using Family family = new(Script.Always(Directive.Restart, maxRetries: 2));
        Script failing = new();
        switch (where)
        {
            case "construct":
                failing.OnConstruct = _ => throw new Planted();
                break;
            case "start":
                failing.OnStart = _ => throw new Planted();
                break;
            case "stop":
                failing.OnStop = _ => throw new Planted();
                break;
            case "restart":
                failing.OnRestart = _ => throw new Planted();
                break;
        }

        IActorRef? actor = null;
        family.Parent.Tell(Do(me => actor = me.Here.ActorOf(failing.Props, "failing")));
        family.Run();
        object message = where switch
        {
            "timer" => Do(me => me.Here.Timers.StartSingle("key", new Planted(), TimeSpan.FromSeconds(1))),
            "await" => Await(async _ =>
            {
                await Task.Yield();
                throw new Planted();
            }),
            "stop" => PoisonPill.Instance,
            _ => new Planted(),
        };
        actor!.Tell(message);
        family.Test.Advance(TimeSpan.FromSeconds(5));
        family.Child.Tell("alive");
        family.Run();

        Assert.Equal(["start 1", "alive"], family.ChildScript.Take());
        Assert.Equal(ActorState.Running, family.StateOf("parent"));
        Assert.Equal(0, family.Snapshot("child").FailuresInWindow);
        Assert.Null(family.Test.System.SystemFailure);
    }

    [Fact]
    public async Task A_storm_of_exceptions_ends_at_the_limit_and_the_rest_of_it_are_dead_letters()
    {
        await using Family family = new(Script.Always(Directive.Restart, maxRetries: 10));
        Script storm = new();
        IActorRef? actor = null;
        family.Parent.Tell(Do(me => actor = me.Here.ActorOf(storm.Props, "storm")));
        family.Run();

        for (int i = 0; i < 1_000; i++)
        {
            actor!.Tell(new Planted());
            family.Child.Tell(i);
        }

        family.Run();

        Assert.Equal(11, storm.Instances);
        Assert.Equal(1_000 - 11, family.Test.System.DeadLetters.CountOf("/user/grandparent/parent/storm"));
        Assert.Equal(1_001, family.ChildScript.Take().Length);
        Assert.DoesNotContain(family.Test.System.Tree().All, snapshot => snapshot.Path.Name == "storm");
    }

    [Fact]
    public async Task A_storm_that_escalates_ends_at_the_first_supervisor_that_decides_otherwise()
    {
        await using Family family = new(Script.Always(Directive.Escalate));
        Script sibling = new();
        family.GrandparentScript.Strategy = Script.Always(Directive.Restart, maxRetries: 3);
        family.Grandparent.Tell(Do(me => me.Here.ActorOf(sibling.Props, "sibling")));
        family.Run();

        for (int i = 0; i < 3; i++)
        {
            family.Parent.Tell(new Planted());
            family.Run();
        }

        int restarts = family.Snapshot("parent").Restarts;
        family.Parent.Tell(new Planted());
        family.Run();

        Assert.Equal(3, restarts);
        Assert.DoesNotContain(family.Test.System.Tree().All, snapshot => snapshot.Path.Name == "parent");
        Assert.Equal(["start 1"], sibling.Take());
        Assert.Equal(ActorState.Running, family.StateOf("grandparent"));
    }

    [Fact]
    public async Task A_flood_by_one_sender_does_not_keep_the_actors_of_others_from_their_turns()
    {
        await using TestSystem test = new(options => options.Throughput = 64);
        List<int> handledBetween = [];
        int handled = 0;
        IActorRef flooded = test.ActorOf(Props.Create(() => new Counter(() => handled++)));
        IActorRef other = test.ActorOf(Props.Create(() => new Counter(() => handledBetween.Add(handled))));

        for (int i = 0; i < 10_000; i++)
        {
            flooded.Tell(i);
        }

        for (int i = 0; i < 3; i++)
        {
            other.Tell(i);
        }

        test.RunUntilIdle();

        Assert.Equal(10_000, handled);
        Assert.All(handledBetween, before => Assert.InRange(before, 0, 64));
    }

    [Fact]
    public async Task In_a_mailbox_that_waits_a_flooding_sender_and_a_rare_one_are_let_in_by_turns()
    {
        await using TestSystem test = new();
        Script script = new();
        TaskCompletionSource gate = new();
        IActorRef actor = test.ActorOf(script.Props.WithMailbox(1, Overflow.Wait));
        actor.Tell(Await(_ => new ValueTask(gate.Task)));
        test.RunUntilIdle();
        Task<SendResult>[] flood = [.. Enumerable.Range(0, 10).Select(i => actor.TellAsync($"flood {i}").AsTask())];

        Task<SendResult> rare = actor.TellAsync("rare").AsTask();
        SendResult pushing = actor.TryTell("pushing");
        gate.SetResult();
        test.Await(Task.WhenAll([.. flood, rare]));
        test.RunUntilIdle();

        Assert.Equal(SendResult.Full, pushing);
        Assert.Equal(
            [.. Enumerable.Range(0, 10).Select(i => $"flood {i}"), "rare"], script.Take().Skip(1));
    }

    [Fact]
    public async Task A_stop_and_a_failure_of_the_supervisor_overtake_a_flood()
    {
        await using Family family = new(Script.Always(Directive.Restart));
        for (int i = 0; i < 1_000; i++)
        {
            family.Child.Tell(i);
        }

        family.Parent.Tell(Do(me => me.Here.Stop(family.Child)));
        family.Run();

        Assert.InRange(family.ChildScript.Take().Length, 2, 2 + 64);
        Assert.InRange(family.Test.System.DeadLetters.Count, 1_000 - 64, 1_000);
    }

    private sealed class Counter(Action count) : UntypedActor
    {
        protected override void Handle(object message) => count();
    }
}
