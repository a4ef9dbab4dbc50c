using SigmaComms.Actors.TestKit;
using Xunit;

namespace SigmaComms.Actors.Tests.Kit;

public sealed class TestSystemTests : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TestSystem _test = new();
    private readonly TestProbe _probe;
    private readonly IActorRef _echo;

    public TestSystemTests()
    {
        _probe = _test.CreateProbe("probe");
        _echo = _test.ActorOf(Props.Create(() => new Echo { Target = _probe.Ref }), "echo");
    }

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public void A_step_is_one_message_so_that_actors_take_turns()
    {
        List<string> order = [];
        IActorRef a = _test.ActorOf(Props.Create(() => new Noting(order, "a")));
        IActorRef b = _test.ActorOf(Props.Create(() => new Noting(order, "b")));

        a.Tell(1);
        a.Tell(2);
        b.Tell(1);
        b.Tell(2);
        int steps = _test.RunUntilIdle();

        Assert.Equal(["a1", "b1", "a2", "b2"], order);
        Assert.InRange(steps, 4, 6);
    }

    [Fact]
    public void An_assertion_is_tried_again_until_it_holds()
    {
        int count = 0;
        using ITimer timer = _test.Time.CreateTimer(_ => count++, null, Second, Second);

        _test.AwaitAssert(() => Assert.Equal(2, count));

        Assert.Equal(2, count);
        Assert.Equal(2 * Second, _test.Time.GetElapsedTime(0));
    }

    [Fact]
    public void An_assertion_that_never_holds_fails_with_its_own_words()
    {
        ProbeException failure = Assert.Throws<ProbeException>(
            () => _test.AwaitAssert(() => throw new Planted("still wrong"), Second));

        Assert.Contains("still wrong", failure.Message, StringComparison.Ordinal);
        Assert.IsType<Planted>(failure.InnerException);
        Assert.Equal(Second, _test.Time.GetElapsedTime(0));
    }

    [Fact]
    public void A_condition_that_depends_on_the_clock_alone_is_looked_at_while_the_clock_goes_on()
    {
        _test.AwaitCondition(() => _test.Time.GetElapsedTime(0) >= 0.25 * Second);

        Assert.Equal(0.3 * Second, _test.Time.GetElapsedTime(0));
        Assert.Throws<ProbeException>(() => _test.AwaitCondition(() => false, Second));
    }

    [Fact]
    public void Waits_inside_of_a_block_have_what_is_left_of_it()
    {
        _probe.Send(_echo, new Echo.Later("one", 2 * Second));
        _probe.Send(_echo, new Echo.Later("two", 4 * Second));

        _test.Within(3 * Second, () =>
        {
            _probe.ExpectMsg("one");
            ProbeException failure = Assert.Throws<ProbeException>(() => _probe.ExpectMsg<string>());
            Assert.Contains("within 00:00:01", failure.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_block_inside_of_another_has_no_more_than_is_left_of_the_outer_one()
    {
        _probe.Send(_echo, new Echo.Later("late", 2 * Second));

        _test.Within(Second, () => _test.Within(
            Second, () => Assert.Throws<ProbeException>(() => _test.AwaitCondition(() => _probe.HasMessages))));

        Assert.Equal(Second, _test.Time.GetElapsedTime(0));
    }

    [Fact]
    public void A_block_that_takes_too_long_or_too_short_fails()
    {
        ProbeException tooLong = Assert.Throws<ProbeException>(
            () => _test.Within(Second, () => _test.Advance(2 * Second)));
        ProbeException tooShort = Assert.Throws<ProbeException>(
            () => _test.Within(Second, 2 * Second, () => _test.Advance(0.5 * Second)));

        Assert.Contains("took 00:00:02", tooLong.Message, StringComparison.Ordinal);
        Assert.Contains("took 00:00:00.5", tooShort.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_timer_begins_and_awaits_comes_back_to_the_thread_of_the_test()
    {
        int thread = -1;
        async void Begin(object? state)
        {
            await Task.Yield();
            thread = Environment.CurrentManagedThreadId;
        }

        using ITimer timer = _test.Time.CreateTimer(Begin, null, Second, Timeout.InfiniteTimeSpan);
        _test.Advance(Second);

        Assert.Equal(Environment.CurrentManagedThreadId, thread);
    }

    private sealed class Noting : ReceiveActor
    {
        public Noting(List<string> order, string name) => Receive<int>(number => order.Add($"{name}{number}"));
    }
}
