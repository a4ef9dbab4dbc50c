using SigmaComms.Actors.Health;
using SigmaComms.Actors.Supervision;
using SigmaComms.Actors.TestKit;

namespace SigmaComms.Actors.Tests;

public sealed class LifeEventTests
{
    [Fact]
    public async Task Start_failure_restart_and_end_of_an_actor_are_published_in_this_order()
    {
        await using Family family = new(Script.Always(Directive.Restart));
        TestProbe probe = Subscribed(
            family.Test, typeof(ActorStarted), typeof(ActorFailed), typeof(ActorRestarted), typeof(ActorStopped));
        family.Parent.Tell(ScriptedActor.Do(me => me.Here.ActorOf(new Script().Props, "second")));
        family.Run();

        family.Child.Tell(new Planted("why"));
        family.Run();
        family.Parent.Tell(ScriptedActor.Do(me => me.Here.Stop(family.Child)));
        family.Run();

        Assert.Equal("/user/grandparent/parent/second", probe.ExpectMsg<ActorStarted>().Actor.Elements);
        ActorFailed failed = probe.ExpectMsg<ActorFailed>();
        Assert.Equal(family.Child.Path, failed.Actor);
        Assert.Equal(nameof(ScriptedActor), failed.Type);
        Assert.Equal((Directive.Restart, 0, "why"), (failed.Directive, failed.Restarts, failed.Cause.Message));
        ActorRestarted restarted = probe.ExpectMsg<ActorRestarted>();
        Assert.Equal((family.Child.Path, 1, "why"), (restarted.Actor, restarted.Restarts, restarted.Cause.Message));
        Assert.Equal(
            new ActorStopped(family.Child.Path, nameof(ScriptedActor), Abandoned: false),
            probe.ExpectMsg<ActorStopped>());
    }

    [Fact]
    public async Task A_failure_is_logged_by_the_runtime_only_where_nobody_takes_the_event()
    {
        RecordingLogger logger = new();
        await using TestSystem test = new(options => options.Logger = logger);
        IActorRef actor = test.ActorOf(new Script().Props, "a");
        actor.Tell(new Planted("unheard"));
        test.RunUntilIdle();
        int unheard = logger.Lines.Count;
        TestProbe probe = Subscribed(test, typeof(ActorFailed));

        actor.Tell(new Planted("heard"));
        test.RunUntilIdle();

        Assert.Equal(1, unheard);
        Assert.Single(logger.Lines);
        Assert.Equal("heard", probe.ExpectMsg<ActorFailed>().Cause.Message);
    }

    [Fact]
    public async Task A_mailbox_says_once_that_it_is_three_quarters_full_and_again_after_it_was_empty()
    {
        await using TestSystem test = new();
        TestProbe probe = Subscribed(test, typeof(MailboxAboveHighWater));
        IActorRef actor = test.ActorOf(new Script().Props.WithMailbox(100), "a");

        Fill(actor, 75);
        probe.ExpectNoMsg(TimeSpan.FromSeconds(1));
        Fill(actor, 100);
        MailboxAboveHighWater first = probe.ExpectMsg<MailboxAboveHighWater>();
        probe.ExpectNoMsg(TimeSpan.FromSeconds(1));
        Fill(actor, 76);

        Assert.Equal(new MailboxAboveHighWater(actor.Path, nameof(ScriptedActor), 76, 100), first);
        Assert.Equal(first, probe.ExpectMsg<MailboxAboveHighWater>());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    public async Task A_very_small_mailbox_may_be_full_without_a_word(int capacity)
    {
        await using TestSystem test = new();
        TestProbe probe = Subscribed(test, typeof(MailboxAboveHighWater));
        IActorRef actor = test.ActorOf(new Script().Props.WithMailbox(capacity), "a");

        Fill(actor, capacity);

        probe.ExpectNoMsg(TimeSpan.FromSeconds(1));
        Assert.Equal(SendResult.Accepted, actor.TryTell("still taken"));
    }

    private static void Fill(IActorRef actor, int count)
    {
        for (int i = 0; i < count; i++)
        {
            actor.Tell(i);
        }
    }

    private static TestProbe Subscribed(TestSystem test, params Type[] types)
    {
        TestProbe probe = test.CreateProbe();
        Array.ForEach(types, type => test.System.EventStream.Subscribe(probe.Ref, type));
        return probe;
    }
}
