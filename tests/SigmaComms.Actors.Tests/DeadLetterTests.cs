using SigmaComms.Actors.TestKit;
using static SigmaComms.Actors.Tests.ScriptedActor;

namespace SigmaComms.Actors.Tests;

public sealed class DeadLetterTests
{
    [Fact]
    public async Task A_message_to_an_ended_actor_is_counted_and_published_with_all_that_is_known()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        TestProbe sender = test.CreateProbe();
        test.System.EventStream.Subscribe(probe.Ref, typeof(DeadLetter));
        IActorRef actor = Ended(test, "a");

        sender.Send(actor, "late");

        Assert.Equal(
            new DeadLetter("late", sender.Ref, actor, "the actor has ended"), probe.ExpectMsg<DeadLetter>());
        Assert.Equal(1, test.System.DeadLetters.Count);
        Assert.Equal(1, test.System.DeadLetters.CountOf("/user/a"));
    }

    [Fact]
    public async Task A_full_mailbox_makes_dead_letters_and_counts_them_for_the_actor()
    {
        await using TestSystem test = new();
        IActorRef actor = test.ActorOf(new Script().Props.WithMailbox(2), "a");

        SendResult[] results = [.. Enumerable.Range(0, 5).Select(i => actor.TryTell(i))];

        Assert.Equal(
            [SendResult.Accepted, SendResult.Accepted, SendResult.Full, SendResult.Full, SendResult.Full], results);
        Assert.Equal(3, test.System.DeadLetters.CountOf("/user/a"));
        Assert.Equal(3, test.System.Tree().All.Single().Dropped);
    }

    [Fact]
    public async Task The_displaced_message_is_the_dead_letter()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        test.System.EventStream.Subscribe(probe.Ref, typeof(DeadLetter));
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props.WithMailbox(1, Overflow.DropOldest));

        actor.Tell("old");
        actor.Tell("new");

        Assert.Equal("old", probe.ExpectMsg<DeadLetter>().Message);
        Assert.Equal(["start 1", "new"], script.Take());
    }

    [Fact]
    public async Task At_most_one_line_a_second_for_each_recipient_type_and_reason_with_its_count()
    {
        RecordingLogger logger = new();
        await using TestSystem test = new(options => options.Logger = logger);
        IActorRef a = Ended(test, "a");
        IActorRef b = Ended(test, "b");
        logger.Clear();

        for (int i = 0; i < 1000; i++)
        {
            a.Tell("text");
        }

        a.Tell(12);
        b.Tell("text");
        int atOnce = logger.Lines.Count;
        test.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(3, atOnce);
        Assert.Equal("999 dead letters String for /user/a: the actor has ended", logger.Lines[3].Text);
        test.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(4, logger.Lines.Count);
    }

    [Fact]
    public async Task Very_many_kinds_of_dead_letters_stay_within_bounds()
    {
        await using TestSystem test = new();
        for (int i = 0; i < 10_500; i++)
        {
            IActorRef actor = test.System.ActorOf(new Script().Props, $"a{i}");
            test.System.Stop(actor);
            actor.Tell("late");
        }

        test.RunUntilIdle();

        Assert.Equal(10_500, test.System.DeadLetters.Count);
        Assert.True(test.System.DeadLetters.CountOf("(others)") >= 500);
        test.Advance(TimeSpan.FromMinutes(2));
        Ended(test, "fresh").Tell("late");
        Assert.Equal(1, test.System.DeadLetters.CountOf("/user/fresh"));
    }

    [Fact]
    public async Task A_poison_pill_or_a_notice_that_comes_too_late_is_no_dead_letter()
    {
        await using TestSystem test = new();
        IActorRef actor = Ended(test, "a");

        SendResult result = actor.TryTell(PoisonPill.Instance);

        Assert.Equal(SendResult.Terminated, result);
        Assert.Equal(0, test.System.DeadLetters.Count);
    }

    [Fact]
    public async Task Waiting_senders_of_an_ended_actor_learn_of_it_and_their_messages_are_dead_letters()
    {
        await using TestSystem test = new();
        IActorRef actor = test.ActorOf(new Script().Props.WithMailbox(1, Overflow.Wait), "a");
        TaskCompletionSource gate = new();
        actor.Tell(Await(_ => new ValueTask(gate.Task)));
        test.RunUntilIdle();
        actor.Tell(1);
        Task<SendResult> waiting = actor.TellAsync(2).AsTask();

        test.System.Stop(actor);
        gate.SetResult();
        test.RunUntilIdle();
        Task<SendResult> late = actor.TellAsync(3).AsTask();

        Assert.Equal(SendResult.Terminated, test.Await(waiting));
        Assert.Equal(SendResult.Terminated, test.Await(late));
        Assert.Equal(3, test.System.DeadLetters.CountOf("/user/a"));
    }

    [Fact]
    public async Task An_event_reaches_all_that_are_interested_in_its_type_or_a_base_type_once()
    {
        await using TestSystem test = new();
        TestProbe both = test.CreateProbe();
        TestProbe other = test.CreateProbe();
        test.System.EventStream.Subscribe(both.Ref, typeof(string));
        test.System.EventStream.Subscribe(both.Ref, typeof(object));
        test.System.EventStream.Subscribe(other.Ref, typeof(int));

        test.System.EventStream.Publish("event");

        both.ExpectMsg("event");
        both.ExpectNoMsg();
        other.ExpectNoMsg();
    }

    [Fact]
    public async Task An_unsubscribed_actor_hears_nothing_more()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        test.System.EventStream.Subscribe(probe.Ref, typeof(string));
        test.System.EventStream.Unsubscribe(probe.Ref);

        test.System.EventStream.Publish("event");

        probe.ExpectNoMsg();
    }

    [Fact]
    public async Task An_ended_subscriber_is_forgotten_and_its_events_are_no_dead_letters()
    {
        await using TestSystem test = new();
        IActorRef actor = test.ActorOf(new Script().Props);
        test.System.EventStream.Subscribe(actor, typeof(string));

        actor.Tell(PoisonPill.Instance);
        test.RunUntilIdle();
        test.System.EventStream.Publish("event");

        Assert.Equal(0, test.System.DeadLetters.Count);
    }

    [Fact]
    public async Task A_full_subscriber_of_dead_letters_makes_no_endless_loop()
    {
        await using TestSystem test = new();
        IActorRef subscriber = test.ActorOf(new Script().Props.WithMailbox(1));
        test.System.EventStream.Subscribe(subscriber, typeof(DeadLetter));
        IActorRef dead = Ended(test, "dead");

        for (int i = 0; i < 10; i++)
        {
            dead.Tell(i);
        }

        Assert.Equal(10 + 9, test.System.DeadLetters.Count);
    }

    [Fact]
    public async Task A_message_without_a_handler_is_published()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        test.System.EventStream.Subscribe(probe.Ref, typeof(UnhandledMessage));
        IActorRef actor = test.ActorOf(new Script().Props);

        actor.Tell(Do(me => me.Ignore("unknown")));

        Assert.Equal("unknown", probe.ExpectMsg<UnhandledMessage>().Message);
    }

    private static IActorRef Ended(TestSystem test, string name)
    {
        IActorRef actor = test.ActorOf(new Script().Props, name);
        actor.Tell(PoisonPill.Instance);
        test.RunUntilIdle();
        return actor;
    }
}
