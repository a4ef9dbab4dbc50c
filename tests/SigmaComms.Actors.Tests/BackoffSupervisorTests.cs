using SigmaComms.Actors.Supervision;
using SigmaComms.Actors.TestKit;
using static SigmaComms.Actors.Tests.ScriptedActor;

namespace SigmaComms.Actors.Tests;

public sealed class BackoffSupervisorTests : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TestSystem _test = new();
    private readonly Script _child = new();
    private readonly TestProbe _probe;
    private IActorRef _supervisor = null!;

    public BackoffSupervisorTests() => _probe = _test.CreateProbe();

    private static BackoffOptions Options { get; } =
        new(new Backoff(Second, 8 * Second, 0, TimeSpan.FromSeconds(30)));

    private static BackoffOptions WhenStopped { get; } = Options with { StartAgainWhenStopped = true };

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public void It_starts_its_child_and_tells_who_it_is()
    {
        Start(Options);

        IActorRef? child = Child();

        Assert.Equal("/user/supervisor/child", child?.Path.Elements);
        Assert.Equal(["start 1"], _child.Take());
    }

    [Fact]
    public void Messages_reach_the_child_with_their_sender_and_its_answers_reach_them()
    {
        Start(Options);

        _probe.Send(_supervisor, Do(me => me.From!.Tell("answer", me.Address)));

        _probe.ExpectMsg("answer");
        Assert.Equal("/user/supervisor/child", _probe.LastSender?.Path.Elements);
    }

    [Fact]
    public void What_the_child_tells_its_supervisor_reaches_the_supervisors_parent()
    {
        IActorRef? supervisor = null;
        Script parent = new();
        _test.ActorOf(parent.Props, "parent").Tell(
            Do(me => supervisor = me.Here.ActorOf(BackoffSupervisor.Props(_child.Props, "child", Options), "s")));
        _test.RunUntilIdle();

        supervisor!.Tell(Do(me => me.Here.Parent.Tell("up", me.Address)));
        _test.RunUntilIdle();

        Assert.Equal(["start 1", "up"], parent.Take());
    }

    [Fact]
    public void A_failed_child_begins_anew_after_growing_waits_up_to_the_longest()
    {
        Start(Options);

        double[] waits = [.. Enumerable.Range(0, 5).Select(_ => Measure(new Planted()))];

        Assert.Equal([1, 2, 4, 8, 8], waits);
    }

    [Fact]
    public void While_a_failed_child_waits_its_messages_wait_with_it_and_it_stays_the_same_actor()
    {
        Start(Options);
        IActorRef? before = Child();

        Send(new Planted());
        Send("kept");
        _test.Advance(Second);

        Assert.Equal(["start 1", "stop 1", "start 2", "kept"], _child.Take());
        Assert.Equal(before, Child());
    }

    [Fact]
    public void A_stopped_child_is_started_again_as_a_new_actor_after_growing_waits_if_that_is_wanted()
    {
        Start(WhenStopped);
        IActorRef? before = Child();

        double[] waits = [.. Enumerable.Range(0, 5).Select(_ => Measure(PoisonPill.Instance))];

        Assert.Equal([1, 2, 4, 8, 8], waits);
        Assert.NotEqual(before, Child());
    }

    [Fact]
    public void A_stopped_child_ends_its_supervisor_if_that_is_not_wanted()
    {
        Start(Options);
        _probe.Watch(_supervisor);

        Send(Do(me => me.Here.Stop(me.Address)));

        _probe.ExpectTerminated(_supervisor);
    }

    [Fact]
    public void A_child_that_may_end_after_a_certain_message_is_not_started_again()
    {
        Start(WhenStopped with { IsFinalStop = message => message is "last" });
        _probe.Watch(_supervisor);

        Send("last");
        Send(Do(me => me.Here.Stop(me.Address)));

        _probe.ExpectTerminated(_supervisor);
    }

    [Fact]
    public void While_there_is_no_child_messages_are_answered_or_become_dead_letters()
    {
        Start(WhenStopped with { ReplyWhileStopped = "later" });
        Send(Do(me => me.Here.Stop(me.Address)));

        _probe.Send(_supervisor, "question");

        _probe.ExpectMsg("later");
        Assert.Null(Child());
    }

    [Fact]
    public void Without_an_answer_messages_to_no_child_are_dead_letters()
    {
        Start(WhenStopped);
        Send(Do(me => me.Here.Stop(me.Address)));

        Send("lost");

        Assert.Equal(1, _test.System.DeadLetters.CountOf("/user/supervisor"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_start_in_a_row_too_many_ends_the_supervisor(bool whenStopped)
    {
        Start((whenStopped ? WhenStopped : Options) with { MaxRetries = 2 });
        _probe.Watch(_supervisor);
        object end = whenStopped ? Do(me => me.Here.Stop(me.Address)) : new Planted();

        Measure(end);
        Measure(end);
        int waitingBefore = _probe.Waiting;
        Send(end);

        Assert.Equal(0, waitingBefore);
        _probe.ExpectTerminated(_supervisor);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_a_quiet_time_the_waits_and_the_limit_begin_anew(bool whenStopped)
    {
        Start((whenStopped ? WhenStopped : Options) with { MaxRetries = 2 });
        object end = whenStopped ? Do(me => me.Here.Stop(me.Address)) : new Planted();
        Measure(end);
        Measure(end);
        int inRow = RestartsInRow();
        _test.Advance(TimeSpan.FromSeconds(31));

        double wait = Measure(end);

        Assert.Equal(2, inRow);
        Assert.Equal(1, wait);
        Assert.Equal(1, RestartsInRow());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void By_hand_only_the_childs_word_lets_the_waits_begin_anew(bool whenStopped)
    {
        Start((whenStopped ? WhenStopped : Options) with { ResetsByHand = true });
        object end = whenStopped ? Do(me => me.Here.Stop(me.Address)) : new Planted();
        Measure(end);
        _test.Advance(TimeSpan.FromHours(1));
        double unchanged = Measure(end);

        Send(Do(me => me.Here.Parent.Tell(BackoffSupervisor.Reset.Instance, me.Address)));
        double anew = Measure(end);

        Assert.Equal((2, 1), (unchanged, anew));
    }

    [Fact]
    public void The_decider_may_resume_a_child_or_let_it_end()
    {
        Start(Options with
        {
            Decider = cause => cause.Message == "resume" ? Directive.Resume : Directive.Stop,
        });
        _probe.Watch(_supervisor);

        Send(new Planted("resume"));
        Send("goes on");
        string[] events = _child.Take();
        Send(new Planted("stop"));

        Assert.Equal(["start 1", "goes on"], events);
        _probe.ExpectTerminated(_supervisor);
    }

    [Fact]
    public void A_child_that_cannot_start_is_tried_again_with_growing_waits()
    {
        List<double> starts = [];
        _child.OnStart = _ =>
        {
            starts.Add(_test.Time.GetUtcNow().TimeOfDay.TotalSeconds);
            throw new Planted();
        };
        Start(Options);

        _test.Advance(10 * Second);

        Assert.Equal([0, 1, 3, 7], starts);
    }

    private void Start(BackoffOptions options) =>
        _supervisor = _test.ActorOf(BackoffSupervisor.Props(_child.Props, "child", options), "supervisor");

    private void Send(object message)
    {
        _supervisor.Tell(message);
        _test.RunUntilIdle();
    }

    private IActorRef? Child()
    {
        _probe.Send(_supervisor, BackoffSupervisor.GetChild.Instance);
        return _probe.FishForMessage<BackoffSupervisor.Child>().Actor;
    }

    private int RestartsInRow()
    {
        _probe.Send(_supervisor, BackoffSupervisor.GetRestarts.Instance);
        return _probe.ExpectMsg<BackoffSupervisor.Restarts>().InRow;
    }

    // Seconds from the child's end to its next start.
    private double Measure(object end)
    {
        DateTimeOffset began = _test.Time.GetUtcNow();
        int before = _child.Instances;
        Send(end is PoisonPill ? Do(me => me.Here.Stop(me.Address)) : end);
        for (int i = 0; _child.Instances == before && i < 100; i++)
        {
            _test.Advance(Second);
        }

        return (_test.Time.GetUtcNow() - began).TotalSeconds;
    }
}
