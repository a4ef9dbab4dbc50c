using SigmaComms.Actors.TestKit;
using static SigmaComms.Actors.Tests.ScriptedActor;

namespace SigmaComms.Actors.Tests;

public sealed class TimerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_single_timer_arrives_once_at_its_time()
    {
        await using TestSystem test = new();
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props);
        bool active = true;
        actor.Tell(Do(me => me.Here.Timers.StartSingle("key", "tick", Second)));

        test.Advance(Second - TimeSpan.FromTicks(1));
        string[] before = script.Take();
        test.Advance(TimeSpan.FromTicks(1));
        test.Advance(10 * Second);
        actor.Tell(Do(me => active = me.Here.Timers.IsActive("key")));
        test.RunUntilIdle();

        Assert.Equal(["start 1"], before);
        Assert.Equal(["tick"], script.Take());
        Assert.False(active);
    }

    [Fact]
    public async Task A_periodic_timer_counts_from_the_end_of_its_handling_and_missed_ticks_are_one()
    {
        await using TestSystem test = new();
        List<double> at = [];
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props);
        actor.Tell(Do(me => me.Here.Timers.StartPeriodic("key", Await(async _ =>
        {
            at.Add(test.Time.GetUtcNow().TimeOfDay.TotalSeconds);
            await Task.Delay(at.Count == 1 ? 3.5 * Second : TimeSpan.Zero, test.Time);
        }), Second)));

        test.Advance(7 * Second);

        Assert.Equal([1, 5.5, 6.5], at);
    }

    [Fact]
    public async Task A_cancelled_timer_never_arrives_even_if_it_is_in_the_mailbox_already()
    {
        await using TestSystem test = new();
        Script script = new();
        TaskCompletionSource gate = new();
        IActorRef actor = test.ActorOf(script.Props);
        actor.Tell(Do(me => me.Here.Timers.StartSingle("key", "tick", Second)));
        actor.Tell(Await(async me =>
        {
            await gate.Task;
            me.Here.Timers.Cancel("key");
        }));
        test.Advance(2 * Second);

        gate.SetResult();
        test.Advance(Second);

        Assert.Equal(["start 1"], script.Take());
    }

    [Fact]
    public async Task A_replaced_timer_never_arrives_even_if_it_is_in_the_mailbox_already()
    {
        await using TestSystem test = new();
        Script script = new();
        TaskCompletionSource gate = new();
        IActorRef actor = test.ActorOf(script.Props);
        actor.Tell(Do(me => me.Here.Timers.StartSingle("key", "old", Second)));
        actor.Tell(Await(async me =>
        {
            await gate.Task;
            me.Here.Timers.StartSingle("key", "new", Second);
        }));
        test.Advance(2 * Second);

        gate.SetResult();
        test.Advance(Second);

        Assert.Equal(["start 1", "new"], script.Take());
    }

    [Fact]
    public async Task A_restart_ends_the_timers_even_if_they_are_in_the_mailbox_already()
    {
        await using TestSystem test = new();
        Script script = new();
        TaskCompletionSource gate = new();
        IActorRef actor = test.ActorOf(script.Props);
        actor.Tell(Do(me => me.Here.Timers.StartSingle("single", "tick", Second)));
        actor.Tell(Do(me => me.Here.Timers.StartPeriodic("periodic", "tock", Second)));
        actor.Tell(Await(async _ =>
        {
            await gate.Task;
            throw new Planted();
        }));
        test.Advance(2 * Second);

        gate.SetResult();
        test.Advance(10 * Second);

        Assert.Equal(["start 1", "stop 1", "start 2"], script.Take());
    }

    [Fact]
    public async Task A_periodic_timer_goes_on_after_a_failure_that_is_resumed()
    {
        await using Family family = new(Script.Always(Supervision.Directive.Resume));
        int ticks = 0;
        family.Child.Tell(Do(me => me.Here.Timers.StartPeriodic("key", Do(_ =>
        {
            ticks++;
            throw new Planted();
        }), Second)));

        family.Test.Advance(3 * Second);

        Assert.Equal(3, ticks);
    }

    [Fact]
    public async Task The_timers_of_an_ended_actor_are_gone()
    {
        await using TestSystem test = new();
        IActorRef actor = test.ActorOf(new Script().Props);
        actor.Tell(Do(me => me.Here.Timers.StartPeriodic("key", "tick", Second)));

        actor.Tell(PoisonPill.Instance);
        test.RunUntilIdle();

        Assert.Null(test.Time.UntilNext);
        Assert.Equal(0, test.System.DeadLetters.Count);
    }

    [Fact]
    public async Task A_timer_arrives_in_a_full_mailbox()
    {
        await using TestSystem test = new();
        Script script = new();
        TaskCompletionSource gate = new();
        IActorRef actor = test.ActorOf(script.Props.WithMailbox(1));
        actor.Tell(Do(me => me.Here.Timers.StartSingle("key", "tick", Second)));
        test.RunUntilIdle();
        actor.Tell(Await(_ => new ValueTask(gate.Task)));
        test.RunUntilIdle();
        actor.Tell("fills it");

        test.Advance(Second);
        gate.SetResult();
        test.RunUntilIdle();

        Assert.Equal(["start 1", "fills it", "tick"], script.Take());
    }

    [Fact]
    public async Task The_receive_timeout_comes_after_silence_and_again_until_it_is_ended()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        IActorRef actor = test.ActorOf(Props.Create(() => new Impatient(probe.Ref, Second)));

        test.Advance(0.6 * Second);
        actor.Tell("a");
        test.Advance(0.6 * Second);
        probe.ExpectNoMsg();
        test.Advance(0.4 * Second);
        probe.ExpectMsg("silence");
        test.Advance(Second);
        probe.ExpectMsg("silence");
        actor.Tell("end");

        probe.ExpectNoMsg(10 * Second);
    }

    [Fact]
    public async Task A_long_handler_is_no_silence()
    {
        await using TestSystem test = new();
        TestProbe probe = test.CreateProbe();
        TaskCompletionSource gate = new();
        IActorRef actor = test.ActorOf(Props.Create(() => new Impatient(probe.Ref, Second)));
        actor.Tell(gate.Task);
        test.Advance(5 * Second);

        gate.SetResult();
        test.RunUntilIdle();

        probe.ExpectNoMsg(0.9 * Second);
        test.Advance(0.1 * Second);
        probe.ExpectMsg("silence");
    }

    [Fact]
    public async Task A_restart_ends_the_receive_timeout()
    {
        await using TestSystem test = new();
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props);
        actor.Tell(Do(me => me.Here.SetReceiveTimeout(Second)));

        actor.Tell(new Planted());
        test.Advance(10 * Second);

        Assert.Equal(["start 1", "stop 1", "start 2"], script.Take());
    }

    [Fact]
    public async Task Timers_of_different_keys_arrive_in_the_order_of_their_times_whatever_order_they_were_started_in()
    {
        await using TestSystem test = new();
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props);

        actor.Tell(Do(me =>
        {
            me.Here.Timers.StartSingle("c", "third", 3 * Second);
            me.Here.Timers.StartSingle("a", "first", Second);
            me.Here.Timers.StartSingle("b", "second", 2 * Second);
        }));
        test.Advance(10 * Second);

        Assert.Equal(["start 1", "first", "second", "third"], script.Take());
    }

    [Fact]
    public async Task A_timer_without_delay_arrives_behind_what_waits_already()
    {
        await using TestSystem test = new();
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props);

        actor.Tell(Do(me => me.Here.Timers.StartSingle("key", "tick", TimeSpan.Zero)));
        actor.Tell("waited");
        test.Advance(TimeSpan.FromMilliseconds(20));

        Assert.Equal(["start 1", "waited", "tick"], script.Take());
    }

    [Fact]
    public async Task Equal_keys_are_one_timer_and_a_single_one_replaces_a_periodic_one()
    {
        await using TestSystem test = new();
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props);

        actor.Tell(Do(me =>
        {
            me.Here.Timers.StartPeriodic(("hour", 7), "periodic", Second);
            me.Here.Timers.StartSingle(("hour", 7), "single", 2 * Second);
        }));
        test.Advance(10 * Second);

        Assert.Equal(["start 1", "single"], script.Take());
        Assert.Null(test.Time.UntilNext);
    }

    [Fact]
    public async Task A_time_that_is_none_is_refused_and_the_timer_of_the_key_stays()
    {
        await using TestSystem test = new();
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props);

        actor.Tell(Do(me =>
        {
            ITimerScheduler timers = me.Here.Timers;
            timers.StartSingle("key", "tick", Second);
            Assert.Throws<ArgumentOutOfRangeException>(() => timers.StartSingle("key", "bad", -Second));
            Assert.Throws<ArgumentOutOfRangeException>(() => timers.StartPeriodic("key", "bad", TimeSpan.Zero));
            Assert.Throws<ArgumentNullException>(() => timers.StartSingle("key", null!, Second));
            timers.Cancel("no such key");
        }));
        test.Advance(2 * Second);

        Assert.Equal(["start 1", "tick"], script.Take());
    }

    private sealed class Impatient : ReceiveActor
    {
        public Impatient(IActorRef to, TimeSpan timeout)
        {
            Context.SetReceiveTimeout(timeout);
            Receive<ReceiveTimeout>(_ => to.Tell("silence"));
            Receive<string>(message => message == "end", _ => Context.SetReceiveTimeout(null));
            ReceiveAsync<Task>(task => new ValueTask(task));
            ReceiveAny(_ => { });
        }
    }
}
