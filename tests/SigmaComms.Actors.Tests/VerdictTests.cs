using SigmaComms.Actors.Breakers;
using SigmaComms.Actors.Health;
using SigmaComms.Actors.Supervision;
using SigmaComms.Actors.TestKit;

namespace SigmaComms.Actors.Tests;

public sealed class VerdictTests
{
    [Fact]
    public async Task A_child_that_was_restarted_within_its_limits_is_healthy()
    {
        await using Family family = new(Script.Always(Directive.Restart, maxRetries: 3));

        family.Child.Tell(new Planted());
        family.Run();

        Assert.Equal(1, family.Snapshot("child").Restarts);
        Assert.Equal(Verdict.Healthy, family.Test.System.Tree().Verdict);
    }

    [Fact]
    public async Task Giving_a_child_up_degrades_its_parent_for_five_minutes()
    {
        await using Family family = new(Script.Always(Directive.Restart, maxRetries: 1));

        family.Child.Tell(new Planted());
        family.Child.Tell(new Planted());
        family.Run();
        (Verdict Own, Verdict Above) at = (family.Snapshot("parent").Own, family.Test.System.Tree().Verdict);
        family.Test.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal((Verdict.Degraded, Verdict.Degraded), at);
        Assert.Equal(Verdict.Healthy, family.Test.System.Tree().Verdict);
    }

    [Fact]
    public async Task The_worst_child_decides_and_leaves_the_parents_own_verdict_alone()
    {
        await using Family family = new(Script.Always(Directive.Resume));
        Breaker? breaker = null;
        family.Child.Tell(ScriptedActor.Do(me => breaker = me.Here.Breaker(new BreakerSettings("disk"))));
        family.Run();

        await breaker!.IsolateAsync();
        (Verdict Own, Verdict WithChildren) open = (family.Snapshot("parent").Own, family.Snapshot("parent").Verdict);
        await breaker.CloseAsync();

        Assert.Equal((Verdict.Healthy, Verdict.Unhealthy), open);
        Assert.Equal(Verdict.Healthy, family.Test.System.Tree().Verdict);
    }

    [Fact]
    public async Task Waiting_before_a_restart_is_degraded_and_running_again_is_healthy()
    {
        await using Family family = new(new OneForOneStrategy(
            -1, TimeSpan.FromMinutes(1), _ => Directive.Restart,
            new Backoff(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5), 0, TimeSpan.FromMinutes(1))));
        family.Child.Tell(new Planted());
        family.Run();
        Verdict waiting = family.Snapshot("child").Verdict;

        family.Test.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(Verdict.Degraded, waiting);
        Assert.Equal(Verdict.Healthy, family.Snapshot("child").Verdict);
    }

    [Fact]
    public async Task A_message_that_waits_long_degrades_and_a_full_mailbox_is_unhealthy()
    {
        await using TestSystem test = new();
        IActorRef actor = test.ActorOf(new Script().Props.WithMailbox(8), "a");
        TaskCompletionSource gate = new();
        actor.Tell(ScriptedActor.Await(_ => new ValueTask(gate.Task)));
        test.RunUntilIdle();
        actor.Tell("waits");
        Verdict young = test.System.Tree().Verdict;
        test.Advance(TimeSpan.FromSeconds(11));
        Verdict old = test.System.Tree().Verdict;
        for (int i = 0; i < 7; i++)
        {
            actor.Tell("more");
        }

        Verdict full = test.System.Tree().Verdict;
        gate.SetResult();
        test.RunUntilIdle();

        Assert.Equal((Verdict.Healthy, Verdict.Degraded, Verdict.Unhealthy), (young, old, full));
        Assert.Equal(Verdict.Healthy, test.System.Tree().Verdict);
    }

    [Fact]
    public async Task A_failure_above_the_top_is_unhealthy_for_good()
    {
        await using TestSystem test = new();
        IActorRef actor = test.ActorOf(new Script().Props);

        for (int i = 0; i < 11; i++)
        {
            actor.Tell(new Planted());
        }

        test.Advance(TimeSpan.FromHours(1));

        Assert.Equal(Verdict.Unhealthy, test.System.Tree().Verdict);
    }
}
