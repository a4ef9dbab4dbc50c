using SigmaComms.Actors.TestKit;
using static SigmaComms.Actors.Tests.ScriptedActor;

namespace SigmaComms.Actors.Tests;

public sealed class EventStreamTests : IAsyncDisposable
{
    private readonly TestSystem _test = new();

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public void Events_arrive_in_the_order_of_one_publisher()
    {
        TestProbe probe = Subscribed(typeof(int));

        for (int i = 0; i < 10; i++)
        {
            _test.System.EventStream.Publish(i);
        }

        Assert.All(Enumerable.Range(0, 10), i => probe.ExpectMsg(i));
    }

    [Fact]
    public void Subscribing_twice_brings_every_event_once()
    {
        TestProbe probe = Subscribed(typeof(string));
        _test.System.EventStream.Subscribe(probe.Ref, typeof(string));

        _test.System.EventStream.Publish("once");

        probe.ExpectMsg("once");
        probe.ExpectNoMsg();
    }

    [Fact]
    public void An_interface_can_be_subscribed_to()
    {
        TestProbe probe = Subscribed(typeof(IComparable));

        _test.System.EventStream.Publish("text");
        _test.System.EventStream.Publish(new object());

        probe.ExpectMsg("text");
        probe.ExpectNoMsg();
    }

    [Fact]
    public void Ending_one_subscription_leaves_the_others()
    {
        TestProbe probe = Subscribed(typeof(string));
        _test.System.EventStream.Subscribe(probe.Ref, typeof(int));

        _test.System.EventStream.Unsubscribe(probe.Ref, typeof(string));
        _test.System.EventStream.Publish("no more");
        _test.System.EventStream.Publish(1);

        probe.ExpectMsg(1);
        probe.ExpectNoMsg();
    }

    [Fact]
    public void An_event_that_nobody_wants_is_no_dead_letter_and_its_publisher_knows()
    {
        bool taken = _test.System.EventStream.Publish("nobody");

        Assert.False(taken);
        Assert.Equal(0, _test.System.DeadLetters.Count);
    }

    [Fact]
    public void A_subscription_survives_the_restart_of_its_actor()
    {
        Script script = new();
        IActorRef actor = _test.ActorOf(script.Props);
        _test.System.EventStream.Subscribe(actor, typeof(string));
        actor.Tell(new Planted());
        _test.RunUntilIdle();

        _test.System.EventStream.Publish("after");
        _test.RunUntilIdle();

        Assert.Equal("after", script.Take()[^1]);
    }

    [Fact]
    public void A_subscriber_may_publish_in_its_handler()
    {
        TestProbe probe = Subscribed(typeof(int));
        IActorRef actor = _test.ActorOf(new Script().Props);
        _test.System.EventStream.Subscribe(actor, typeof(Action<ScriptedActor>));

        _test.System.EventStream.Publish(Do(me => me.Here.System.EventStream.Publish(7)));

        probe.ExpectMsg(7);
    }

    [Fact]
    public void Who_wants_a_base_type_gets_what_derives_from_it_once_even_if_it_wants_both()
    {
        TestProbe probe = Subscribed(typeof(Exception));
        _test.System.EventStream.Subscribe(probe.Ref, typeof(Planted));
        Planted planted = new("event");

        _test.System.EventStream.Publish(planted);
        _test.System.EventStream.Publish("no exception");

        probe.ExpectMsg<Planted>(got => ReferenceEquals(got, planted));
        probe.ExpectNoMsg();
    }

    [Fact]
    public void An_ended_subscriber_is_forgotten()
    {
        IActorRef actor = _test.ActorOf(new Script().Props, "gone");
        _test.System.EventStream.Subscribe(actor, typeof(string));
        actor.Tell(PoisonPill.Instance);
        _test.RunUntilIdle();

        bool taken = _test.System.EventStream.Publish("nobody");

        Assert.False(taken);
        Assert.Equal(0, _test.System.DeadLetters.CountOf("/user/gone"));
    }

    [Fact]
    public void One_subscriber_whose_mailbox_is_full_keeps_no_event_from_the_others()
    {
        IActorRef full = _test.ActorOf(new Script().Props.WithMailbox(1), "full");
        _test.System.EventStream.Subscribe(full, typeof(string));
        TestProbe probe = Subscribed(typeof(string));
        full.Tell("fills it");

        bool taken = _test.System.EventStream.Publish("event");

        Assert.True(taken);
        probe.ExpectMsg("event");
        Assert.Equal(1, _test.System.DeadLetters.CountOf("/user/full"));
    }

    [Fact]
    public void Ending_all_subscriptions_ends_those_to_every_type()
    {
        TestProbe probe = Subscribed(typeof(string));
        _test.System.EventStream.Subscribe(probe.Ref, typeof(int));

        _test.System.EventStream.Unsubscribe(probe.Ref);
        bool taken = _test.System.EventStream.Publish("a") | _test.System.EventStream.Publish(1);

        Assert.False(taken);
        probe.ExpectNoMsg();
    }

    [Fact]
    public async Task Subscribing_and_publishing_on_many_threads_loses_no_event_of_a_standing_subscription()
    {
        const int Events = 500;
        await using ActorSystem system = new("pool");
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int left = Events * 2;
        IActorRef standing = system.ActorOf(Props.Create(() => new Counter(() =>
        {
            if (--left == 0)
            {
                done.SetResult();
            }
        })));
        IActorRef restless = system.ActorOf(Props.Create(() => new Counter(static () => { })));
        system.EventStream.Subscribe(standing, typeof(int));

        await Task.WhenAll(Enumerable.Range(0, 3).Select(worker => Task.Run(() =>
        {
            for (int i = 0; i < Events; i++)
            {
                if (worker < 2)
                {
                    system.EventStream.Publish(i);
                }
                else
                {
                    system.EventStream.Subscribe(restless, typeof(int));
                    system.EventStream.Unsubscribe(restless);
                }
            }
        })));
        await done.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(0, left);
    }

    private TestProbe Subscribed(Type type)
    {
        TestProbe probe = _test.CreateProbe();
        _test.System.EventStream.Subscribe(probe.Ref, type);
        return probe;
    }

    private sealed class Counter(Action count) : UntypedActor
    {
        protected override void Handle(object message) => count();
    }
}
