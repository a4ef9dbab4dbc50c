using SigmaComms.Actors.Supervision;
using SigmaComms.Actors.TestKit;
using Xunit;

namespace SigmaComms.Actors.Tests.Kit;

public sealed class TestProbeTests : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TestSystem _test = new();
    private readonly TestProbe _probe;
    private readonly IActorRef _echo;

    public TestProbeTests()
    {
        _probe = _test.CreateProbe("probe");
        _echo = _test.ActorOf(Props.Create(() => new Echo { Target = _probe.Ref }), "echo");
    }

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public void An_expected_message_is_given_back_with_its_sender()
    {
        _probe.Ref.Tell("hello", _echo);

        string message = _probe.ExpectMsg<string>();

        Assert.Equal("hello", message);
        Assert.Equal(_echo, _probe.LastSender);
        Assert.Equal("hello", _probe.LastMessage);
    }

    [Fact]
    public void A_message_that_did_not_come_says_who_expected_what()
    {
        ProbeException failure = Assert.Throws<ProbeException>(() => _probe.ExpectMsg<string>());

        Assert.Equal("/user/probe expected String and got nothing.", failure.Message);
    }

    [Fact]
    public void A_message_of_another_type_is_shown_with_its_sender_and_what_came_after_it()
    {
        _probe.Ref.Tell(1, _echo);
        _probe.Ref.Tell(2);

        ProbeException failure = Assert.Throws<ProbeException>(() => _probe.ExpectMsg<string>());

        Assert.Equal(
            "/user/probe expected String and got Int32 1 from /user/echo. Then came Int32 2.", failure.Message);
    }

    [Fact]
    public void A_message_that_is_not_equal_is_shown_beside_the_expected_one()
    {
        _probe.Ref.Tell(1);

        ProbeException failure = Assert.Throws<ProbeException>(() => _probe.ExpectMsg(2));

        Assert.Equal("/user/probe expected Int32 2 and got Int32 1.", failure.Message);
    }

    [Fact]
    public void A_message_must_fit_the_predicate()
    {
        _probe.Ref.Tell(3);
        _probe.Ref.Tell(4);

        int fitting = _probe.ExpectMsg<int>(number => number == 3);

        Assert.Equal(3, fitting);
        Assert.Throws<ProbeException>(() => _probe.ExpectMsg<int>(number => number == 3));
    }

    [Fact]
    public void A_message_must_come_from_the_expected_sender()
    {
        TestProbe other = _test.CreateProbe();
        _probe.Ref.Tell(1, _echo);
        _probe.Ref.Tell(2, other.Ref);

        int first = _probe.ExpectMsgFrom<int>(_echo);

        Assert.Equal(1, first);
        Assert.Throws<ProbeException>(() => _probe.ExpectMsgFrom<int>(_echo));
    }

    [Fact]
    public void An_expectation_without_a_time_does_not_move_the_clock_and_one_with_a_time_moves_it_as_far_as_needed()
    {
        DateTimeOffset began = _test.Time.GetUtcNow();
        _probe.Send(_echo, new Echo.Later("late", 2 * Second));

        Assert.Throws<ProbeException>(() => _probe.ExpectMsg<string>());
        Assert.Equal(began, _test.Time.GetUtcNow());
        ProbeException tooShort = Assert.Throws<ProbeException>(() => _probe.ExpectMsg<string>(Second));
        string message = _probe.ExpectMsg<string>(5 * Second);

        Assert.Contains("within 00:00:01 of virtual time", tooShort.Message, StringComparison.Ordinal);
        Assert.Equal("late", message);
        Assert.Equal(began + (2 * Second), _test.Time.GetUtcNow());
    }

    [Fact]
    public void No_message_means_none_now_and_none_within_the_time()
    {
        _probe.Send(_echo, new Echo.Later("late", 2 * Second));

        _probe.ExpectNoMsg();
        _probe.ExpectNoMsg(Second);
        ProbeException failure = Assert.Throws<ProbeException>(() => _probe.ExpectNoMsg(Second));

        Assert.Equal("/user/probe expected nothing and got String late.", failure.Message);
    }

    [Fact]
    public void No_message_looks_at_all_that_follows_from_what_was_sent()
    {
        _echo.Tell("by way of the echo");

        Assert.Throws<ProbeException>(() => _probe.ExpectNoMsg());
    }

    [Fact]
    public void The_end_of_an_actor_is_expected_by_name()
    {
        IActorRef other = _test.ActorOf(Props.Create<Echo>(), "other");
        _probe.Watch(_echo);
        _probe.Watch(other);

        _test.System.Stop(_echo);
        Terminated notice = _probe.ExpectTerminated(_echo);
        _test.System.Stop(other);
        ProbeException failure = Assert.Throws<ProbeException>(() => _probe.ExpectTerminated(_echo));

        Assert.Equal(_echo, notice.Actor);
        Assert.Contains("expected the end of sigma://test/user/echo", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fishing_throws_away_what_does_not_fit_and_names_it_when_nothing_does()
    {
        _probe.Ref.Tell("a");
        _probe.Ref.Tell(1);
        _probe.Ref.Tell(2);

        int second = _probe.FishForMessage<int>(number => number > 1);
        _probe.Ref.Tell("b");
        ProbeException failure = Assert.Throws<ProbeException>(() => _probe.FishForMessage<int>());

        Assert.Equal(2, second);
        Assert.Equal("/user/probe found no fitting Int32 among String b.", failure.Message);
    }

    [Fact]
    public void So_many_messages_are_received_in_order_and_within_one_time_for_all()
    {
        _probe.Send(_echo, new Echo.Later(1, Second));
        _probe.Send(_echo, new Echo.Later(2, 2 * Second));
        _probe.Send(_echo, new Echo.Later(3, 3 * Second));

        IReadOnlyList<object> two = _probe.ReceiveN(2, 2 * Second);
        _probe.Ref.Tell(4);
        ProbeException failure = Assert.Throws<ProbeException>(() => _probe.ReceiveN(3, 0.5 * Second));

        Assert.Equal([1, 2], two);
        Assert.Contains("expected 3 messages and got 1: Int32 4", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_message_is_received_or_null()
    {
        _probe.Ref.Tell("here");

        object? first = _probe.ReceiveOne();
        object? second = _probe.ReceiveOne(Second);

        Assert.Equal("here", first);
        Assert.Null(second);
    }

    [Fact]
    public void All_of_some_messages_may_come_in_any_order()
    {
        _probe.Ref.Tell(2);
        _probe.Ref.Tell(1);
        _probe.Ref.Tell(2);

        IReadOnlyList<int> got = _probe.ExpectMsgAllOf(1, 2);
        ProbeException failure = Assert.Throws<ProbeException>(() => _probe.ExpectMsgAllOf(1, 3));

        Assert.Equal([2, 1], got);
        Assert.Equal("/user/probe expected Int32 1 or Int32 3 and got Int32 2.", failure.Message);
    }

    [Fact]
    public void Ignored_messages_are_not_seen_until_none_is_ignored()
    {
        _probe.IgnoreMessages<int>();
        _probe.IgnoreMessages(message => message is "noise");
        _probe.Ref.Tell(1);
        _probe.Ref.Tell("noise");
        _probe.Ref.Tell("signal");

        string seen = _probe.ExpectMsg<string>();
        _probe.ExpectNoMsg();
        _probe.IgnoreNoMessages();
        _probe.Ref.Tell(2);

        Assert.Equal("signal", seen);
        Assert.Equal(2, _probe.ExpectMsg<int>());
    }

    [Fact]
    public void A_reply_goes_to_the_last_sender_as_from_the_probe()
    {
        TestProbe asker = _test.CreateProbe("asker");
        asker.Send(_probe.Ref, "question");

        _probe.ExpectMsg("question");
        _probe.Reply("answer");

        asker.ExpectMsg("answer");
        Assert.Equal(_probe.Ref, asker.LastSender);
        _probe.Ref.Tell("from nobody");
        _probe.ExpectMsg<string>();
        Assert.Throws<ProbeException>(() => _probe.Reply("to nobody"));
    }

    [Fact]
    public void A_forwarded_message_keeps_its_sender()
    {
        TestProbe asker = _test.CreateProbe("asker");
        Assert.Throws<ProbeException>(() => _probe.Forward(_echo));
        asker.Send(_probe.Ref, "question");

        _probe.ExpectMsg<string>();
        _probe.Forward(_echo);

        asker.ExpectMsg("question");
    }

    [Fact]
    public void A_child_of_a_probe_has_the_probe_as_its_parent()
    {
        IActorRef child = _probe.ChildActorOf(Props.Create<Echo>(), "child");

        child.Tell(new Echo.ToParent("hello, parent"));

        _probe.ExpectMsg("hello, parent");
        Assert.Equal("/user/probe/child", child.Path.Elements);
    }

    [Fact]
    public void A_probe_supervises_its_children_as_it_is_told()
    {
        IActorRef child = _probe.ChildActorOf(
            Props.Create<Echo>(), "child", new OneForOneStrategy(-1, Second, _ => Directive.Stop));
        _probe.Watch(child);

        child.Tell(new Planted());

        _probe.ExpectTerminated(child);
    }

    [Fact]
    public void A_stand_in_passes_on_what_its_parent_sends_to_it()
    {
        TestProbe worker = _test.CreateProbe("worker");
        IActorRef standIn = _probe.ChildActorOf(worker.StandIn(), "worker");

        _probe.Send(standIn, "work");
        worker.ExpectMsg("work");
        worker.Reply("done");

        _probe.ExpectMsg("done");
    }
}
