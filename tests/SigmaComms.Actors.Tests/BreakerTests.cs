using SigmaComms.Actors.Breakers;
using SigmaComms.Actors.Supervision;
using static SigmaComms.Actors.Tests.BreakerBench;

namespace SigmaComms.Actors.Tests;

public sealed class BreakerTests
{
    [Fact]
    public async Task A_closed_breaker_lets_calls_pass_and_gives_their_results()
    {
        await using BreakerBench bench = new();

        string result = bench.Succeed();

        Assert.Equal("ok", result);
        Assert.Equal(BreakerState.Closed, bench.Breaker.State);
        Assert.Empty(bench.Changes());
    }

    [Fact]
    public async Task A_failure_reaches_the_caller_as_it_is()
    {
        await using BreakerBench bench = new();
        Planted planted = new();

        Planted thrown = Assert.Throws<Planted>(
            () => bench.Test.Await(bench.Breaker.RunAsync<int>(_ => ValueTask.FromException<int>(planted), default)
                .AsTask()));

        Assert.Same(planted, thrown);
    }

    [Fact]
    public async Task A_call_without_a_result_passes_too()
    {
        await using BreakerBench bench = new();
        int calls = 0;

        await bench.Breaker.RunAsync(
            _ =>
            {
                calls++;
                return ValueTask.CompletedTask;
            },
            default);

        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Too_few_calls_do_not_open_it_even_if_all_fail()
    {
        await using BreakerBench bench = new();

        bench.Fail(3);

        Assert.Equal(BreakerState.Closed, bench.Breaker.State);
    }

    [Fact]
    public async Task It_opens_when_the_part_of_failures_is_reached_and_not_before()
    {
        await using BreakerBench bench = new();
        bench.Succeed();
        bench.Succeed();
        bench.Succeed();
        bench.Fail(2);
        BreakerState below = bench.Breaker.State;

        bench.Fail();

        Assert.Equal(BreakerState.Closed, below);
        Assert.Equal(BreakerState.Open, bench.Breaker.State);
    }

    [Fact]
    public async Task Failures_that_left_the_window_do_not_count()
    {
        await using BreakerBench bench = new();
        bench.Fail(3);
        bench.Test.Advance(bench.Settings.Window + Second);

        bench.Fail(3);

        Assert.Equal(BreakerState.Closed, bench.Breaker.State);
    }

    [Fact]
    public async Task An_exception_that_the_settings_forgive_does_not_count()
    {
        await using BreakerBench bench = new(settings => settings with { IsFailure = cause => cause is not Planted });

        bench.Fail(20);

        Assert.Equal(BreakerState.Closed, bench.Breaker.State);
    }

    [Fact]
    public async Task What_the_caller_cancelled_is_no_failure()
    {
        await using BreakerBench bench = new();

        for (int i = 0; i < 20; i++)
        {
            bench.Cancel();
        }

        Assert.Equal(BreakerState.Closed, bench.Breaker.State);
        Assert.Null(bench.Health.LastError);
    }

    [Fact]
    public async Task A_call_that_lasts_too_long_fails_at_its_limit_counts_and_has_its_token_cancelled()
    {
        await using BreakerBench bench = new();
        List<CancellationToken> tokens = [];
        Task<string>[] calls = [.. Enumerable.Range(0, 4).Select(_ => bench.Begin(
            token =>
            {
                tokens.Add(token);
                return new ValueTask<string>(new TaskCompletionSource<string>().Task);
            },
            default))];
        bench.Test.Advance(2 * Second - TimeSpan.FromTicks(1));
        bool early = calls.Any(call => call.IsCompleted);

        foreach (Task<string> call in calls)
        {
            Assert.Throws<TimeoutException>(() => bench.Test.Await(call));
        }

        Assert.False(early);
        Assert.All(tokens, token => Assert.True(token.IsCancellationRequested));
        Assert.Equal(BreakerState.Open, bench.Breaker.State);
        Assert.StartsWith(nameof(TimeoutException), bench.Health.LastError);
    }

    [Fact]
    public async Task Without_a_limit_a_call_may_last_as_long_as_it_wants()
    {
        await using BreakerBench bench = new(settings => settings with { CallTimeout = null });
        TaskCompletionSource<string> source = new();
        Task<string> call = bench.Begin(source);
        bench.Test.Advance(TimeSpan.FromDays(2));

        source.SetResult("late");

        Assert.Equal("late", bench.Test.Await(call));
    }

    [Fact]
    public async Task Opening_is_published_with_its_cause_its_owner_and_its_length()
    {
        await using BreakerBench bench = new();

        bench.Open();

        Assert.Equal(
            new BreakerChanged(
                bench.Owner.Path, "disk", BreakerState.Closed, BreakerState.Open, bench.Test.Time.GetUtcNow(),
                5 * Second, "Planted: 3", nameof(ScriptedActor)),
            bench.LastChange());
    }

    [Fact]
    public async Task An_open_breaker_refuses_at_once_without_making_the_call_and_says_until_when()
    {
        await using BreakerBench bench = new();
        bench.Open();
        bench.Test.Advance(2 * Second);

        BreakerOpenException refused = bench.Refuse();

        Assert.Equal(("disk", BreakerState.Open, 3 * Second), (refused.Breaker, refused.State, refused.RetryAfter));
        Assert.Equal("3", Assert.IsType<Planted>(refused.InnerException).Message);
        Assert.Equal("Breaker 'disk' is Open; try again in 3.0 s.", refused.Message);
    }

    [Fact]
    public async Task A_refusal_can_be_a_result_instead_of_an_exception()
    {
        await using BreakerBench bench = new();
        bench.Open();
        int calls = 0;

        BreakerOutcome<int> outcome = await bench.Breaker.TryRunAsync(_ => ValueTask.FromResult(++calls), default);

        Assert.Equal(new BreakerOutcome<int>(false, 0, 5 * Second), outcome);
        Assert.Equal(0, calls);
    }

    [Fact]
    public async Task Refused_calls_do_not_keep_it_open_longer()
    {
        await using BreakerBench bench = new();
        bench.Open();
        for (int i = 0; i < 4; i++)
        {
            bench.Test.Advance(Second);
            bench.Refuse();
        }

        bench.Test.Advance(Second);

        Assert.Equal("ok", bench.Succeed());
    }

    [Fact]
    public async Task A_call_from_before_the_opening_neither_closes_it_nor_keeps_it_open()
    {
        await using BreakerBench bench = new(settings => settings with { CallTimeout = null });
        TaskCompletionSource<string> good = new();
        TaskCompletionSource<string> bad = new();
        Task<string> early = bench.Begin(good);
        Task<string> failing = bench.Begin(bad);
        bench.Open();
        good.SetResult("late");
        bench.Test.Await(early);
        bench.Test.Advance(3 * Second);
        bad.SetException(new Planted());
        Assert.Throws<Planted>(() => bench.Test.Await(failing));

        BreakerState before = bench.Breaker.State;
        bench.Test.Advance(2 * Second);

        Assert.Equal(BreakerState.Open, before);
        Assert.Equal(BreakerState.HalfOpen, bench.Breaker.State);
    }

    [Fact]
    public async Task It_half_opens_when_its_time_has_come_even_if_nobody_calls()
    {
        await using BreakerBench bench = new();
        bench.Open();
        bench.Test.Advance(5 * Second - TimeSpan.FromMilliseconds(1));
        BreakerState early = bench.Breaker.State;

        bench.Test.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(BreakerState.Open, early);
        Assert.Equal([BreakerState.Open, BreakerState.HalfOpen], bench.Changes());
    }

    [Fact]
    public async Task A_half_open_breaker_lets_one_call_pass_and_refuses_the_others_meanwhile()
    {
        await using BreakerBench bench = new();
        bench.Open();
        bench.Test.Advance(5 * Second);
        TaskCompletionSource<string> source = new();
        Task<string> probe = bench.Begin(source);

        BreakerOpenException refused = bench.Refuse();
        source.SetResult("first");

        Assert.Equal((BreakerState.HalfOpen, TimeSpan.Zero), (refused.State, refused.RetryAfter));
        Assert.Equal("first", bench.Test.Await(probe));
        Assert.Equal("ok", bench.Succeed());
    }

    [Fact]
    public async Task A_probe_that_succeeds_closes_it_and_forgets_the_failures()
    {
        await using BreakerBench bench = new();
        bench.Open();
        bench.Test.Advance(5 * Second);

        bench.Succeed();
        bench.Fail(3);

        Assert.Equal([BreakerState.Open, BreakerState.HalfOpen, BreakerState.Closed], bench.Changes());
        Assert.Equal(BreakerState.Closed, bench.Breaker.State);
    }

    [Fact]
    public async Task A_probe_that_fails_opens_it_again()
    {
        await using BreakerBench bench = new();
        bench.Open();
        bench.Test.Advance(5 * Second);

        bench.Fail();

        Assert.Equal([BreakerState.Open, BreakerState.HalfOpen, BreakerState.Open], bench.Changes());
        bench.Refuse();
    }

    [Fact]
    public async Task A_probe_that_lasts_too_long_opens_it_again()
    {
        await using BreakerBench bench = new();
        bench.Open();
        bench.Test.Advance(5 * Second);

        Task<string> probe = bench.Begin(new TaskCompletionSource<string>());
        Assert.Throws<TimeoutException>(() => bench.Test.Await(probe));

        Assert.Equal(BreakerState.Open, bench.Breaker.State);
    }

    [Fact]
    public async Task A_cancelled_probe_proves_nothing_and_does_not_close_it()
    {
        await using BreakerBench bench = new();
        bench.Open();
        bench.Test.Advance(5 * Second);

        bench.Cancel();

        Assert.Equal(BreakerState.Open, bench.Breaker.State);
    }

    [Fact]
    public async Task A_probe_with_a_forgiven_exception_closes_it_because_there_was_an_answer()
    {
        await using BreakerBench bench = new(
            settings => settings with { IsFailure = cause => cause is not ArgumentException });
        bench.Open();
        bench.Test.Advance(5 * Second);

        Assert.Throws<ArgumentException>(() => bench.Test.Await(
            bench.Breaker.RunAsync<int>(_ => throw new ArgumentException("no such file"), default).AsTask()));

        Assert.Equal(BreakerState.Closed, bench.Breaker.State);
    }

    [Fact]
    public async Task It_stays_open_longer_each_time_up_to_its_longest()
    {
        await using BreakerBench bench = new();
        bench.Open();
        List<double> breaks = [bench.LastChange().RetryAfter.TotalSeconds];

        for (int i = 0; i < 4; i++)
        {
            bench.Test.Advance(TimeSpan.FromSeconds(breaks[^1]));
            bench.Fail();
            breaks.Add(bench.LastChange().RetryAfter.TotalSeconds);
        }

        Assert.Equal([5, 10, 20, 40, 40], breaks);
    }

    [Theory]
    [InlineData(59, 10)]
    [InlineData(61, 5)]
    public async Task Breaks_begin_anew_only_after_it_was_closed_long_enough(int closedSeconds, int expected)
    {
        await using BreakerBench bench = new();
        bench.Open();
        bench.Test.Advance(5 * Second);
        bench.Succeed();
        bench.Test.Advance(closedSeconds * Second);

        bench.Open();

        Assert.Equal(expected, bench.LastChange().RetryAfter.TotalSeconds);
    }

    [Fact]
    public async Task Senseless_settings_are_refused()
    {
        BreakerSettings good = new("disk");
        BreakerSettings[] bad =
        [
            new(" "), good with { FailureRatio = 0 }, good with { FailureRatio = 1.1 },
            good with { FailureRatio = double.NaN }, good with { CallsMin = 1 }, good with { Window = default },
            good with { Window = TimeSpan.FromDays(2) }, good with { CallTimeout = TimeSpan.Zero },
            good with { Break = null! }, good with { IsFailure = null! },
        ];
        await using Family family = new(Script.Always(Directive.Resume));

        foreach (BreakerSettings settings in bad)
        {
            family.Child.Tell(ScriptedActor.Do(me => me.Here.Breaker(settings)));
        }

        family.Run();
        Assert.Equal(bad.Length, family.Snapshot("child").FailuresInWindow);
        Assert.Empty(family.Snapshot("child").Breakers);
    }
}
