using SigmaComms.Actors.TestKit.Simulation;

namespace SigmaComms.Actors.TestKit.Exploration;

/// <summary>
/// Runs a scenario again and again, each time with another order of its steps, until something goes wrong: an
/// exception of the scenario itself, the failure of an actor, a handler that waits for ever, a step that another
/// thread took, or no rest within the bound. What it finds is shortened and can be repeated exactly.
/// </summary>
/// <remarks>
/// The scenario must be deterministic but for the order of steps: what is random in it comes from
/// <see cref="TestSystem.Seed"/>, its time from <see cref="TestSystem.Time"/>, its journals and networks are in memory.
/// </remarks>
public sealed class Explorer
{
    private readonly ScenarioRunner _runner;
    private readonly ExplorationOptions _options;

    /// <summary>An explorer of a scenario that runs on the test's thread.</summary>
    /// <param name="scenario">Makes actors, sends messages, lets them run, and asserts.</param>
    /// <param name="options">What counts as a fault, or null for the defaults.</param>
    public Explorer(Action<TestSystem> scenario, ExplorationOptions? options = null)
        : this(AsTask(scenario), options)
    {
    }

    /// <summary>An explorer of a scenario that awaits: what goes on after an await is one of the steps.</summary>
    /// <param name="scenario">Makes actors, sends messages, awaits answers, and asserts.</param>
    /// <param name="options">What counts as a fault, or null for the defaults.</param>
    public Explorer(Func<TestSystem, Task> scenario, ExplorationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        _options = options ?? new ExplorationOptions();
        _options.Validate();
        _runner = new ScenarioRunner(scenario, _options);
    }

    /// <summary>At every choice each option is as likely as any other.</summary>
    /// <param name="runs">How many runs, each with the next seed.</param>
    /// <param name="firstSeed">The first seed.</param>
    public ExplorationResult Random(int runs, ulong firstSeed = 1) =>
        Seeded(runs, firstSeed, "a random order", static seed => new RandomChooser(seed));

    /// <summary>
    /// Priorities that change at a few random moments: finds faults that need few orderings among many steps.
    /// </summary>
    /// <param name="runs">How many runs, each with the next seed.</param>
    /// <param name="depth">How many orderings the fault may need, at least 1.</param>
    /// <param name="firstSeed">The first seed.</param>
    public ExplorationResult Pct(int runs, int depth = 3, ulong firstSeed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        ScenarioRun usual = _runner.Run(firstSeed, new ListChooser([]));
        if (usual.Fault is not null)
        {
            return new ExplorationResult(Shorten(usual, "the usual order"), Runs: 1, IsComplete: false);
        }

        int expected = usual.Choices.Count;
        return Seeded(
            runs, firstSeed, $"priorities of depth {depth}", seed => new PriorityChooser(seed, depth, expected));
    }

    /// <summary>All orders, or as many as the bounds allow, the usual one first.</summary>
    /// <param name="runsMax">How many runs at most.</param>
    /// <param name="deviationsMax">How often in a run not that step is next which became due first.</param>
    public ExplorationResult DepthFirst(int runsMax, int deviationsMax = int.MaxValue)
    {
        DepthFirstSearch search = new(deviationsMax);
        int runs = 0;
        while (search.Prefix is { } prefix && runs < runsMax)
        {
            ScenarioRun run = _runner.Run(0, new ListChooser(prefix));
            if (runs++ == 0)
            {
                // All that follows stands on it: another order is another list of choices, and nothing else.
                RequireSame(run, Replay(run.Schedule));
            }

            if (run.Fault is not null)
            {
                return new ExplorationResult(Shorten(run, $"depth first, run {runs}"), runs, IsComplete: false);
            }

            search.Note(run.Choices);
        }

        return new ExplorationResult(null, runs, search.Prefix is null);
    }

    /// <summary>Repeats one order.</summary>
    /// <param name="schedule">The order.</param>
    public ScenarioRun Replay(Schedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return _runner.Run(schedule.Seed, new ListChooser(schedule.Choices));
    }

    /// <summary>Tries orders in all three ways, and fails the test if one of them goes wrong.</summary>
    /// <param name="runs">How many runs in each way.</param>
    /// <exception cref="ExplorationException">One does; the message says how to repeat it.</exception>
    public void Check(int runs)
    {
        Random(runs).ThrowIfFound();
        Pct(runs).ThrowIfFound();
        DepthFirst(runs, deviationsMax: 2).ThrowIfFound();
    }

    private static Func<TestSystem, Task> AsTask(Action<TestSystem> scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return test =>
        {
            scenario(test);
            return Task.CompletedTask;
        };
    }

    private ExplorationResult Seeded(int runs, ulong firstSeed, string way, Func<ulong, IChooser> chooser)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        for (int i = 0; i < runs; i++)
        {
            ulong seed = firstSeed + (ulong)i;
            ScenarioRun run = _runner.Run(seed, chooser(seed));
            if (i == 0)
            {
                RequireSame(run, _runner.Run(seed, chooser(seed)));
            }

            if (run.Fault is not null)
            {
                return new ExplorationResult(Shorten(run, $"{way}, seed {seed}"), i + 1, IsComplete: false);
            }
        }

        return new ExplorationResult(null, runs, IsComplete: false);
    }

    private Finding Shorten(ScenarioRun first, string foundBy)
    {
        if (first.Fault is ForeignThreadException)
        {
            // Its order is not ours to repeat.
            return new Finding(foundBy, first.Schedule, first);
        }

        ScenarioRun shortest = new Shrinker(_runner, _options.ShrinkRunsMax).Shrink(first);
        RequireSame(shortest, Replay(shortest.Schedule));
        return new Finding(foundBy, first.Schedule, shortest);
    }

    private static void RequireSame(ScenarioRun run, ScenarioRun again)
    {
        int same = run.Trace.Zip(again.Trace).TakeWhile(static pair => pair.First == pair.Second).Count();
        bool alike = run.Trace.Count == same && again.Trace.Count == same
            && ScenarioFaultException.AreAlike(run.Fault, again.Fault);
        if (alike || run.Fault is ForeignThreadException)
        {
            return;
        }

        throw new ExplorationException(
            "The scenario is not deterministic: the same order twice differs after step "
            + $"{same}: \"{run.Trace.ElementAtOrDefault(same) ?? "the end"}\", and then "
            + $"\"{again.Trace.ElementAtOrDefault(same) ?? "the end"}\".",
            again.Fault ?? run.Fault!);
    }
}
