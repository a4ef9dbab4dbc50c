using SigmaComms.Actors.TestKit;
using SigmaComms.Actors.TestKit.Exploration;
using SigmaComms.Actors.TestKit.Simulation;
using Xunit;

namespace SigmaComms.Actors.Tests.Exploration;

public sealed class ExplorerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void The_usual_order_does_not_show_the_planted_lost_update()
    {
        Explorer explorer = new(Staggered(depositors: 2));

        ScenarioRun run = explorer.Replay(new Schedule(1, []));

        Assert.Null(run.Fault);
        Assert.NotEmpty(run.Trace);
        Assert.Equal(new Schedule(1, []), run.Schedule);
    }

    [Fact]
    public void Random_orders_find_the_planted_lost_update()
    {
        Explorer explorer = new(Staggered(depositors: 2));

        ExplorationResult result = explorer.Random(runs: 100);

        AssertLostUpdate(explorer, result);
    }

    [Fact]
    public void Priorities_find_the_planted_lost_update()
    {
        Explorer explorer = new(Staggered(depositors: 2));

        ExplorationResult result = explorer.Pct(runs: 100);

        AssertLostUpdate(explorer, result);
    }

    [Fact]
    public void Depth_first_finds_the_planted_lost_update()
    {
        Explorer explorer = new(Staggered(depositors: 2));

        ExplorationResult result = explorer.DepthFirst(runsMax: 1000);

        AssertLostUpdate(explorer, result);
    }

    [Fact]
    public void Depth_first_proves_that_no_order_loses_an_update_that_is_one_message()
    {
        Explorer explorer = new(Deposits(depositors: 3));

        ExplorationResult result = explorer.DepthFirst(runsMax: 5000);

        Assert.Null(result.Finding);
        Assert.True(result.IsComplete);
        Assert.InRange(result.Runs, 6, 5000);
    }

    [Fact]
    public void Depth_first_stops_at_its_bound_and_says_that_it_is_not_complete()
    {
        Explorer explorer = new(Deposits(depositors: 4));

        ExplorationResult result = explorer.DepthFirst(runsMax: 10);

        Assert.Equal(10, result.Runs);
        Assert.False(result.IsComplete);
    }

    [Fact]
    public void Fewer_deviations_are_fewer_orders()
    {
        Explorer explorer = new(Deposits(depositors: 4));

        ExplorationResult none = explorer.DepthFirst(runsMax: 5000, deviationsMax: 0);
        ExplorationResult one = explorer.DepthFirst(runsMax: 5000, deviationsMax: 1);
        ExplorationResult two = explorer.DepthFirst(runsMax: 5000, deviationsMax: 2);

        Assert.Equal(1, none.Runs);
        Assert.True(one.IsComplete && two.IsComplete);
        Assert.InRange(one.Runs, 2, two.Runs - 1);
    }

    [Fact]
    public void A_found_schedule_is_shortened_and_repeats_the_very_same_steps()
    {
        Explorer explorer = new(Staggered(depositors: 4));

        Finding finding = explorer.Random(runs: 100).Finding!;
        ScenarioRun again = explorer.Replay(Schedule.Parse(finding.Schedule.ToString()));

        Assert.InRange(
            finding.Schedule.Choices.Count(choice => choice != 0),
            1,
            finding.First.Choices.Count(choice => choice != 0) / 2);
        Assert.Equal(finding.Run.Trace, again.Trace);
        Assert.Equal(finding.Fault.Message, again.Fault!.Message);
    }

    [Fact]
    public void A_fault_is_not_shortened_into_another_kind_of_fault()
    {
        // In the usual order somebody waits for ever; only where "second" overtakes "first" an actor fails.
        Explorer explorer = new(test =>
        {
            List<string> arrived = [];
            TaskCompletionSource never = new();
            foreach (string name in new[] { "first", "second" })
            {
                test.System.ActorOf(new Script().Props, name).Tell(ScriptedActor.Await(_ =>
                {
                    arrived.Add(name);
                    return arrived[0] == "second" ? throw new Planted() : new ValueTask(never.Task);
                }));
            }

            test.RunUntilIdle();
        });
        ulong seed = Enumerable.Range(1, 100).Select(i => (ulong)i).First(
            i => explorer.Random(runs: 1, firstSeed: i).Finding?.Run.Fault?.InnerException is Planted);

        Finding finding = explorer.Random(runs: 1, firstSeed: seed).Finding!;

        Assert.IsType<Planted>(finding.Fault.InnerException);
        Assert.NotEmpty(finding.Schedule.Choices);
    }

    [Fact]
    public void Depth_first_notices_that_a_scenario_is_not_deterministic()
    {
        int runs = 0;
        Explorer explorer = new(test =>
        {
            for (int i = 0; i <= runs; i++)
            {
                test.System.ActorOf(new Script().Props).Tell("hello");
            }

            runs++;
            test.RunUntilIdle();
        });

        Assert.Throws<ExplorationException>(() => explorer.DepthFirst(runsMax: 10));
    }

    [Fact]
    public void Priorities_tell_a_fault_of_the_usual_order_at_once()
    {
        Explorer explorer = new(test =>
        {
            test.System.ActorOf(new Script().Props).Tell(new Planted());
            test.RunUntilIdle();
        });

        ExplorationResult result = explorer.Pct(runs: 50);

        Assert.Equal(1, result.Runs);
        Assert.IsType<Planted>(result.Finding!.Fault.InnerException);
    }

    [Fact]
    public void The_same_seed_gives_the_same_trace_and_another_seed_another()
    {
        ulong[] seeds = [1, 2, 3, 4, 5];

        string[] first = [.. seeds.Select(TraceOf)];
        string[] second = [.. seeds.Select(TraceOf)];

        Assert.Equal(first, second);
        Assert.True(first.Distinct().Count() > 3);
    }

    [Fact]
    public void A_planted_deadlock_is_found_and_names_who_waits()
    {
        Explorer explorer = new(Dinner);

        ExplorationResult result = explorer.DepthFirst(runsMax: 500);

        Finding finding = Assert.IsType<Finding>(result.Finding);
        Assert.IsType<ScenarioFaultException>(finding.Fault);
        Assert.Contains(
            "/user/left (Awaiting), /user/right (Awaiting)", finding.Fault.Message, StringComparison.Ordinal);
        Assert.Equal(finding.Run.Trace, explorer.Replay(finding.Schedule).Trace);
    }

    [Fact]
    public void A_planted_deadlock_is_found_by_random_orders_and_by_priorities()
    {
        Explorer explorer = new(Dinner);

        Assert.NotNull(explorer.Random(runs: 100).Finding);
        Assert.NotNull(explorer.Pct(runs: 100).Finding);
    }

    [Fact]
    public void A_planted_cycle_of_asks_is_found_as_the_failure_of_an_actor()
    {
        Explorer explorer = new(test =>
        {
            IActorRef a = test.ActorOf(Props.Create<Neighbour>(), "a");
            IActorRef b = test.ActorOf(Props.Create<Neighbour>(), "b");
            a.Tell(b);
            b.Tell(a);
            test.RunUntilIdle();
            StartLater(test, a, steps: 0);
            StartLater(test, b, steps: 6);
            test.RunUntilIdle();
        });

        Finding? finding = explorer.Random(runs: 100).Finding;

        Assert.NotNull(finding);
        Assert.IsType<AskCycleException>(finding.Fault.InnerException);
    }

    [Fact]
    public void The_failure_of_an_actor_is_a_fault_unless_the_scenario_allows_it()
    {
        static void Scenario(TestSystem test)
        {
            test.ActorOf(Props.Create<Misbehaving>()).Tell(new Planted("by the test"));
            test.RunUntilIdle();
        }

        Finding? found = new Explorer(Scenario).Random(runs: 1).Finding;
        Finding? allowed = new Explorer(Scenario, new ExplorationOptions { ActorsMayFail = true })
            .Random(runs: 1).Finding;

        Assert.IsType<Planted>(found!.Fault.InnerException);
        Assert.Null(allowed);
    }

    [Fact]
    public void A_scenario_that_does_not_come_to_rest_is_a_fault()
    {
        Explorer explorer = new(
            test =>
            {
                test.ActorOf(Props.Create<Misbehaving>()).Tell(new Misbehaving.Endless());
                test.RunUntilIdle();
            },
            new ExplorationOptions { StepsMax = 200 });

        Finding? finding = explorer.Random(runs: 1).Finding;

        Assert.Contains("200 steps", finding!.Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_continuation_on_a_foreign_thread_is_a_fault()
    {
        Explorer explorer = new(test =>
        {
            test.ActorOf(Props.Create<Misbehaving>(), "threaded").Tell(new Misbehaving.OtherThread());
            test.RunUntilIdle();
        });

        Finding? finding = explorer.Random(runs: 1).Finding;

        ForeignThreadException fault = Assert.IsType<ForeignThreadException>(finding!.Fault);
        Assert.Contains("/user/threaded", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_system_that_requires_one_thread_fails_when_another_reaches_in()
    {
        TestSystem test = new() { RequiresOneThread = true };
        TestProbe probe = test.CreateProbe("probe");

        OnAnotherThread(() => probe.Ref.Tell("from elsewhere"));

        ForeignThreadException fault = Assert.Throws<ForeignThreadException>(() => test.RunUntilIdle());
        Assert.Contains("/user/probe", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_await_of_a_scenario_is_a_step_among_the_others()
    {
        Explorer explorer = new(async test =>
        {
            IActorRef account = test.System.ActorOf(Props.Create<Account>(), "account");
            account.Tell(new Account.Add(2));
            Account.Balance balance = await account.Ask<Account.Balance>(new Account.Read(), Second);
            Assert.Equal(2, balance.Amount);
        });

        ScenarioRun run = explorer.Replay(new Schedule(1, []));

        Assert.Null(run.Fault);
        Assert.Equal("the scenario goes on", run.Trace[^1]);
    }

    [Fact]
    public void A_scenario_that_waits_for_ever_is_a_fault()
    {
        Explorer explorer = new(_ => new TaskCompletionSource().Task);

        Finding? finding = explorer.Random(runs: 1).Finding;

        Assert.Contains("waits for ever", finding!.Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_out_that_overtakes_an_answer_is_found_only_where_timers_may_fire_early()
    {
        static async Task Scenario(TestSystem test)
        {
            IActorRef account = test.System.ActorOf(Props.Create<Account>(), "account");
            await account.Ask<Account.Balance>(new Account.Read(), Second);
        }

        ExplorationResult never = new Explorer(Scenario).DepthFirst(runsMax: 200);
        ExplorationResult early = new Explorer(Scenario, new ExplorationOptions { EarlyTimersMax = 1 })
            .DepthFirst(runsMax: 200);

        Assert.Null(never.Finding);
        Assert.True(never.IsComplete);
        Assert.IsType<AskTimeoutException>(early.Finding!.Fault);
        Assert.Contains("the clock goes on by 1000 ms", early.Finding.Run.Trace);
    }

    [Fact]
    public void A_scenario_that_is_not_deterministic_is_told_as_such()
    {
        int calls = 0;
        Explorer explorer = new(test =>
        {
            for (int i = 0; i <= calls; i++)
            {
                test.ActorOf(Props.Create<Account>());
            }

            calls++;
        });

        ExplorationException failure = Assert.Throws<ExplorationException>(() => explorer.Random(runs: 5));

        Assert.Contains("not deterministic", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scenario_gets_the_seed_of_its_run_also_when_it_is_repeated()
    {
        Explorer explorer = new(test => Assert.NotEqual(7UL, test.Seed));

        Finding? finding = explorer.Random(runs: 10).Finding;

        Assert.Equal(7UL, finding!.Schedule.Seed);
        Assert.NotNull(explorer.Replay(finding.Schedule).Fault);
        Assert.Null(explorer.Replay(new Schedule(8, [])).Fault);
    }

    [Fact]
    public void A_check_fails_with_the_steps_and_the_line_that_repeats_them()
    {
        Explorer explorer = new(Staggered(depositors: 2));

        ExplorationException failure = Assert.Throws<ExplorationException>(() => explorer.Check(runs: 100));

        Assert.Contains("explorer.Replay(Schedule.Parse(\"", failure.Message, StringComparison.Ordinal);
        Assert.Contains("/user/account takes Write", failure.Message, StringComparison.Ordinal);
        new Explorer(Deposits(depositors: 3)).Check(runs: 50);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1:a")]
    [InlineData("1:-1")]
    [InlineData("x:1")]
    [InlineData("1:2:3")]
    public void A_line_that_is_no_schedule_is_refused(string text) =>
        Assert.Throws<FormatException>(() => Schedule.Parse(text));

    [Fact]
    public void A_schedule_survives_being_written_and_read()
    {
        Schedule schedule = new(ulong.MaxValue, [0, 3, 12]);

        Assert.Equal(schedule, Schedule.Parse(schedule.ToString()));
        Assert.Equal(new Schedule(5, []), Schedule.Parse("5:"));
    }

    // A finding shows its steps, so the scenario says that it went wrong.
    private static string TraceOf(ulong seed)
    {
        Explorer explorer = new(
            test =>
            {
                Deposits(depositors: 5)(test);
                throw new Planted("to see the trace");
            },
            new ExplorationOptions { ShrinkRunsMax = 0 });
        return string.Join('\n', explorer.Random(runs: 1, firstSeed: seed).Finding!.Run.Trace);
    }

    private static void AssertLostUpdate(Explorer explorer, ExplorationResult result)
    {
        Finding finding = Assert.IsType<Finding>(result.Finding);
        Assert.Contains("lost", finding.Fault.Message, StringComparison.Ordinal);
        Assert.Equal(finding.Run.Trace, explorer.Replay(finding.Schedule).Trace);
    }

    // All deposit at the same time, in one message each: no order loses anything.
    private static Action<TestSystem> Deposits(int depositors) => test =>
    {
        IActorRef account = test.ActorOf(Props.Create<Account>(), "account");
        for (int i = 1; i <= depositors; i++)
        {
            test.System.ActorOf(Props.Create(() => new Account.Depositor(account, atOnce: true)), $"d{i}").Tell("go");
        }

        test.RunUntilIdle();
        RequireBalance(test, account, depositors);
    };

    // Each reads and then writes; in the usual order each has finished before the next begins.
    private static Action<TestSystem> Staggered(int depositors) => test =>
    {
        IActorRef account = test.ActorOf(Props.Create<Account>(), "account");
        IActorRef[] all = [.. Enumerable.Range(1, depositors).Select(i =>
            test.ActorOf(Props.Create(() => new Account.Depositor(account, atOnce: false)), $"d{i}"))];
        for (int i = 0; i < depositors; i++)
        {
            StartLater(test, all[i], steps: 6 * i);
        }

        test.RunUntilIdle();
        RequireBalance(test, account, depositors);
    };

    private static void StartLater(TestSystem test, IActorRef who, int steps) =>
        test.System.ActorOf(Props.Create(() => new Starter(who, steps)), $"starter-of-{who.Path.Name}").Tell("go");

    private static void RequireBalance(TestSystem test, IActorRef account, int expected)
    {
        TestProbe probe = test.CreateProbe();
        probe.Send(account, new Account.Read());
        int balance = probe.ExpectMsg<Account.Balance>().Amount;
        if (balance != expected)
        {
            throw new InvalidOperationException($"{expected - balance} of {expected} updates were lost");
        }
    }

    private static void Dinner(TestSystem test)
    {
        SemaphoreSlim one = new(1);
        SemaphoreSlim other = new(1);
        IActorRef left = test.ActorOf(Props.Create(() => new Philosopher(one, other)), "left");
        IActorRef right = test.ActorOf(Props.Create(() => new Philosopher(other, one)), "right");
        StartLater(test, left, steps: 0);
        StartLater(test, right, steps: 8);
        test.RunUntilIdle();
    }

    private static void OnAnotherThread(ThreadStart action)
    {
        Thread thread = new(action);
        thread.Start();
        thread.Join();
    }
}
