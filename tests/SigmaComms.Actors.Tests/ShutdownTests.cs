using SigmaComms.Actors.Shutdown;
using SigmaComms.Actors.TestKit;

namespace SigmaComms.Actors.Tests;

public sealed class ShutdownTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly List<string> _events = [];

    [Fact]
    public async Task Phases_run_in_their_order_whatever_order_their_tasks_were_added_in()
    {
        await using TestSystem test = new();
        Add(test, "flush");
        Add(test, "leave");
        Add(test, "stop-intake");
        Add(test, "drain");

        Run(test);

        Assert.Equal(["stop-intake", "drain", "leave", "flush"], _events);
    }

    [Fact]
    public async Task Tasks_may_be_added_and_taken_back_by_another_thread_while_phases_begin()
    {
        await using TestSystem test = new();
        for (int i = 0; i < 10_000; i++)
        {
            test.System.Shutdown.AddTask("flush", $"{i}", static _ => ValueTask.CompletedTask).Dispose();
            test.System.Shutdown.AddTask("flush", $"{i}", static _ => ValueTask.CompletedTask);
        }

        using CancellationTokenSource over = new();
        Task other = Task.Run(() =>
        {
            while (!over.IsCancellationRequested)
            {
                try
                {
                    test.System.Shutdown.AddTask("flush", "other", static _ => ValueTask.CompletedTask).Dispose();
                }
                catch (InvalidOperationException)
                {
                    return;
                }
            }
        });

        Run(test);
        await over.CancelAsync();
        await other;

        Assert.True(test.System.WhenTerminated.IsCompleted);
    }

    [Fact]
    public async Task Actors_are_stopped_in_a_phase_of_their_own_between_the_others()
    {
        await using TestSystem test = new();
        Script script = new();
        IActorRef actor = test.ActorOf(script.Props, "a");
        test.System.Shutdown.AddTask("leave", "ask", async token =>
            _events.Add(await actor.Ask<string>(ScriptedActor.Do(me => me.From!.Tell("alive")), Second, token)));
        test.System.Shutdown.AddTask("flush", "look", _ =>
        {
            _events.Add(test.System.WhenTerminated.IsCompleted ? "gone" : "still there");
            return ValueTask.CompletedTask;
        });

        Run(test);

        Assert.Equal(["alive", "gone"], _events);
        Assert.Equal(["start 1", "stop 1"], script.Take());
    }

    [Fact]
    public async Task Tasks_of_one_phase_run_at_the_same_time_and_the_next_phase_waits_for_all()
    {
        await using TestSystem test = new();
        TaskCompletionSource first = new();
        TaskCompletionSource second = new();
        Add(test, "drain", "one", first.Task);
        Add(test, "drain", "two", second.Task);
        Add(test, "leave");
        Task<ShutdownReport> shutdown = test.System.Shutdown.RunAsync("test");
        test.RunUntilIdle();
        string[] bothBegan = [.. _events];
        second.SetResult();
        test.RunUntilIdle();
        bool early = _events.Contains("leave");

        first.SetResult();
        test.Await(shutdown);

        Assert.Equal(["one", "two"], bothBegan);
        Assert.False(early);
        Assert.Equal("leave", _events[^1]);
    }

    [Fact]
    public async Task A_task_that_fails_is_reported_and_neither_its_phase_nor_the_next_is_stopped()
    {
        RecordingLogger logger = new();
        await using TestSystem test = new(options => options.Logger = logger);
        test.System.Shutdown.AddTask("drain", "at once", _ => throw new Planted("sync"));
        test.System.Shutdown.AddTask("drain", "later", async _ =>
        {
            await Task.Yield();
            throw new Planted("async");
        });
        Add(test, "drain", "good");
        Add(test, "leave");

        ShutdownReport report = Run(test);

        Assert.Equal(["good", "leave"], _events);
        Assert.False(report.IsClean);
        ShutdownPhaseReport drain = report.Phases.Single(phase => phase.Phase == "drain");
        Assert.Equal("Planted: sync", drain.Failed["at once"]);
        Assert.Equal("Planted: async", drain.Failed["later"]);
        Assert.Equal(2, logger.Lines.Count(line => line.Event == 109));
    }

    [Fact]
    public async Task A_phase_whose_time_is_over_cancels_its_tasks_and_the_next_begins()
    {
        await using TestSystem test = new();
        CancellationToken token = default;
        test.System.Shutdown.AddTask("drain", "endless", cancelled =>
        {
            token = cancelled;
            return new ValueTask(new TaskCompletionSource().Task);
        });
        Add(test, "leave");
        Task<ShutdownReport> shutdown = test.System.Shutdown.RunAsync("test");
        test.Advance(10 * Second - TimeSpan.FromTicks(1));
        bool early = _events.Count > 0 || token.IsCancellationRequested;

        ShutdownReport report = test.Await(shutdown);

        Assert.False(early);
        Assert.True(token.IsCancellationRequested);
        Assert.Equal(["leave"], _events);
        Assert.Equal(["endless"], report.Phases.Single(phase => phase.Phase == "drain").TimedOut);
        Assert.Equal(10 * Second, report.Phases.Single(phase => phase.Phase == "drain").Took);
    }

    [Fact]
    public async Task It_runs_once_and_the_first_reason_stays()
    {
        await using TestSystem test = new();
        Add(test, "drain");

        Task<ShutdownReport> first = test.System.Shutdown.RunAsync("first");
        Task<ShutdownReport> second = test.System.Shutdown.RunAsync("second");
        test.Await(first);

        Assert.Same(first, second);
        Assert.Equal("first", test.System.Shutdown.Reason);
        Assert.Equal("first", (await first).Reason);
        Assert.Equal(["drain"], _events);
    }

    [Fact]
    public async Task There_is_no_reason_before_it_began()
    {
        await using TestSystem test = new();

        Assert.Null(test.System.Shutdown.Reason);
    }

    [Fact]
    public async Task A_task_that_was_taken_back_does_not_run()
    {
        await using TestSystem test = new();
        IDisposable task = Add(test, "drain", "taken back");
        Add(test, "drain", "stays");

        task.Dispose();
        task.Dispose();
        Run(test);

        Assert.Equal(["stays"], _events);
    }

    [Fact]
    public async Task Two_tasks_of_one_name_both_run_and_are_told_apart()
    {
        await using TestSystem test = new();
        test.System.Shutdown.AddTask("drain", "same", _ => throw new Planted("a"));
        test.System.Shutdown.AddTask("drain", "same", _ => throw new Planted("b"));

        ShutdownReport report = Run(test);

        Assert.Equal(
            ["Planted: a", "Planted: b"],
            report.Phases.Single(phase => phase.Phase == "drain").Failed.Values.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_task_can_be_added_to_a_later_phase_while_it_runs_but_to_no_phase_that_began()
    {
        await using TestSystem test = new();
        test.System.Shutdown.AddTask("drain", "adds", _ =>
        {
            Add(test, "flush");
            Assert.Throws<InvalidOperationException>(() => Add(test, "drain"));
            Assert.Throws<InvalidOperationException>(() => Add(test, "stop-intake"));
            return ValueTask.CompletedTask;
        });

        ShutdownReport report = Run(test);

        Assert.True(report.IsClean);
        Assert.Equal(["flush"], _events);
    }

    [Fact]
    public async Task Nobody_adds_a_task_to_an_unknown_phase_or_to_the_systems_own()
    {
        await using TestSystem test = new();

        Assert.Throws<ArgumentException>(() => Add(test, "unknown"));
        Assert.Throws<ArgumentException>(() => Add(test, ShutdownPhase.StopActors.Name));
    }

    [Fact]
    public async Task Phases_are_the_systems_setting_and_their_times_add_up()
    {
        await using TestSystem test = new(options => options.ShutdownPhases =
            [new ShutdownPhase("second", 2 * Second), ShutdownPhase.StopActors, new ShutdownPhase("last", Second)]);
        Add(test, "last");
        Add(test, "second");

        Run(test);

        Assert.Equal(["second", "last"], _events);
        Assert.Equal(18 * Second, test.System.Shutdown.TotalTimeout);
    }

    [Fact]
    public void Phases_without_the_systems_own_or_with_equal_names_or_without_time_are_refused()
    {
        ShutdownPhase[][] bad =
        [
            [], [ShutdownPhase.Drain], [ShutdownPhase.StopActors, ShutdownPhase.StopActors],
            [ShutdownPhase.StopActors, ShutdownPhase.Drain, ShutdownPhase.Drain],
            [ShutdownPhase.StopActors, new ShutdownPhase("none", TimeSpan.Zero)],
            [ShutdownPhase.StopActors, new ShutdownPhase(" ", Second)],
        ];

        Assert.All(bad, phases => Assert.Throws<ArgumentException>(
            () => new ActorSystem("bad", new ActorSystemOptions { ShutdownPhases = phases })));
    }

    [Fact]
    public async Task Terminate_runs_the_phases_and_is_true_when_the_last_of_them_has_ended()
    {
        await using TestSystem test = new();
        TaskCompletionSource flush = new();
        Add(test, "drain");
        Add(test, "flush", "flush", flush.Task);
        Task<bool> terminated = test.System.Terminate(TimeSpan.FromMinutes(1));
        test.RunUntilIdle();
        bool early = terminated.IsCompleted;

        flush.SetResult();

        Assert.True(test.Await(terminated));
        Assert.False(early);
        Assert.Equal(["drain", "flush"], _events);
    }

    [Fact]
    public async Task Terminate_gives_up_waiting_after_its_grace_and_the_shutdown_goes_on()
    {
        await using TestSystem test = new();
        TaskCompletionSource drain = new();
        Add(test, "drain", "slow", drain.Task);
        Task<bool> terminated = test.System.Terminate(Second);

        bool inTime = test.Await(terminated);
        bool before = test.System.WhenTerminated.IsCompleted;
        drain.SetResult();
        test.RunUntilIdle();

        Assert.False(inTime);
        Assert.False(before);
        Assert.True(test.System.WhenTerminated.IsCompleted);
    }

    [Fact]
    public async Task An_actor_that_does_not_end_holds_up_the_later_phases_only_for_the_time_of_its_own()
    {
        await using TestSystem test = new(options => options.StopTimeout = TimeSpan.FromMinutes(5));
        IActorRef actor = test.ActorOf(new Script().Props, "stuck");
        actor.Tell(ScriptedActor.Await(_ => new ValueTask(new TaskCompletionSource().Task)));
        test.RunUntilIdle();
        Add(test, "flush");

        ShutdownReport report = Run(test);

        Assert.Equal(["actors"], report.Phases.Single(phase => phase.Phase == "stop-actors").TimedOut);
        Assert.Equal(["flush"], _events);
    }

    [Fact]
    public async Task On_the_thread_pool_it_ends_a_system_with_tasks_in_every_phase()
    {
        ActorSystem system = new("pool");
        foreach (string phase in (string[])["stop-intake", "drain", "leave", "flush"])
        {
            system.Shutdown.AddTask(phase, phase, async _ =>
            {
                await Task.Yield();
                lock (_events)
                {
                    _events.Add(phase);
                }
            });
        }

        bool inTime = await system.Terminate(TimeSpan.FromMinutes(1));

        Assert.True(inTime);
        Assert.Equal(["stop-intake", "drain", "leave", "flush"], _events);
    }

    private static ShutdownReport Run(TestSystem test) =>
        test.Await(test.System.Shutdown.RunAsync("test"), TimeSpan.FromMinutes(10));

    private IDisposable Add(TestSystem test, string phase, string? name = null, Task? until = null) =>
        test.System.Shutdown.AddTask(phase, name ?? phase, _ =>
        {
            _events.Add(name ?? phase);
            return new ValueTask(until ?? Task.CompletedTask);
        });
}
