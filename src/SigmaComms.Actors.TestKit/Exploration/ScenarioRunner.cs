using SigmaComms.Actors.Health;

namespace SigmaComms.Actors.TestKit.Exploration;

/// <summary>Runs a scenario once, from an empty system to its end.</summary>
internal sealed class ScenarioRunner(Func<TestSystem, Task> scenario, ExplorationOptions options)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    private bool _waited;

    public ScenarioRun Run(ulong seed, IChooser chooser)
    {
        ExploredRun run = null!;
        TestSystem test = new(options.Configure, seed, time => run = new ExploredRun(chooser, time, options));
        Exception? fault;
        try
        {
            Watch(test.System.EventStream, run);
            test.RunInside(() => RunToEnd(test));
        }
        catch (Exception thrown)
        {
            // Whatever it is, it is what the exploration was looking for.
            run.Fail(thrown);
        }
        finally
        {
            // What fails while all is thrown away is no step of the run.
            fault = run.Fault;
            test.Discard();
        }

        int[] choices = [.. run.Choices.Select(static choice => choice.Index)];
        int length = Array.FindLastIndex(choices, static choice => choice != 0) + 1;
        return new ScenarioRun(new Schedule(seed, choices[..length]), fault, run.Trace) { Choices = run.Choices };
    }

    private static bool IsWaiting(ActorSnapshot actor) =>
        actor.State is ActorState.Awaiting or ActorState.Starting or ActorState.Stopping;

    private void Watch(EventStream events, ExploredRun run)
    {
        if (!options.ActorsMayFail)
        {
            FaultWatch watch = new(run);
            events.Subscribe(watch, typeof(ActorFailed));
            events.Subscribe(watch, typeof(SystemFailed));
        }
    }

    private void RunToEnd(TestSystem test)
    {
        Task ended = scenario(test);
        if (!test.AdvanceUntil(() => ended.IsCompleted, options.WaitMax))
        {
            throw Stuck(test, "The scenario waits for ever");
        }

        ended.GetAwaiter().GetResult();
        if (!test.AdvanceUntil(() => options.ActorsMayWait || !test.System.Tree().All.Any(IsWaiting), options.WaitMax))
        {
            throw Stuck(test, "Nothing is due any more");
        }
    }

    // What is waited for may be on its way on another thread; the first time it gets a moment to show itself.
    private ScenarioFaultException Stuck(TestSystem test, string what)
    {
        if (!_waited)
        {
            _waited = true;
            test.LookForForeignThreads(Moment);
        }

        string[] who = [.. test.System.Tree().All.Where(IsWaiting)
            .Select(static actor => $"{actor.Path.Elements} ({actor.State})")];
        return new ScenarioFaultException(
            who.Length == 0 ? $"{what}." : $"{what}, and for ever wait: {string.Join(", ", who)}.")
        {
            Kind = FaultKind.Stuck,
        };
    }
}
