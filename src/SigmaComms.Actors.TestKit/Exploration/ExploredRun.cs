using SigmaComms.Actors.Mailboxes;
using SigmaComms.Actors.TestKit.Simulation;

namespace SigmaComms.Actors.TestKit.Exploration;

/// <summary>One run of a scenario: what is chosen, what was chosen, and what happened.</summary>
internal sealed class ExploredRun(IChooser chooser, VirtualTime time, ExplorationOptions options)
{
    private readonly List<Choice> _choices = [];
    private readonly List<string> _trace = [];
    private (SystemMessageKind? Word, object? Message) _peeked;
    private int _earlyTimers;

    /// <summary>What was chosen, wherever there was a choice.</summary>
    public IReadOnlyList<Choice> Choices => _choices;

    /// <summary>The steps, in order.</summary>
    public IReadOnlyList<string> Trace => _trace;

    /// <summary>What went wrong first, or null. The run ends with it.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Notes what went wrong.</summary>
    public void Fail(Exception fault) => Fault ??= fault;

    /// <summary>The index of the next step; one past the last for the clock.</summary>
    public int Choose(IReadOnlyList<SimulationStep> due)
    {
        bool clock = _earlyTimers < options.EarlyTimersMax && time.UntilNext <= options.EarlyTimersWithin;
        int count = due.Count + (clock ? 1 : 0);
        if (count == 1)
        {
            return 0;
        }

        int choice = chooser.Choose(due, count);
        _choices.Add(new Choice(choice, count));
        return choice;
    }

    /// <summary>The next timer fires while steps are due.</summary>
    public void MoveClock()
    {
        _earlyTimers++;
        TimeSpan by = time.UntilNext ?? TimeSpan.Zero;
        NoteClock(by);
        time.Advance(by);
    }

    /// <summary>The clock goes on.</summary>
    public void NoteClock(TimeSpan by) => _trace.Add($"the clock goes on by {by.TotalMilliseconds} ms");

    /// <summary>A step begins.</summary>
    public void Began(SimulationStep step) =>
        _peeked = step is { Callback: null, Owner: { } owner } ? owner.Peek() : default;

    /// <summary>A step has ended.</summary>
    public void Ended(SimulationStep step)
    {
        _trace.Add(Describe(step));
        if (_trace.Count > options.StepsMax)
        {
            Fail(new ScenarioFaultException($"It did not come to rest in {options.StepsMax} steps.")
            {
                Kind = FaultKind.NoRest,
            });
        }

        ThrowIfFailed();
    }

    /// <summary>Ends the run if something went wrong.</summary>
    public void ThrowIfFailed()
    {
        if (Fault is { } fault)
        {
            throw fault;
        }
    }

    private static string NameOf(object? message) => message is RuntimeNotice notice
        ? $"{notice.Kind} of {notice.Subject.GetType().Name}"
        : message!.GetType().Name;

    private string Describe(SimulationStep step)
    {
        string who = step.Owner?.Path.Elements ?? "the scenario";
        if (step.Callback is not null)
        {
            return $"{who} goes on";
        }

        // What is still the next one was not handled in this turn.
        bool handled = _peeked.Message is not null && !ReferenceEquals(step.Owner!.Peek().Message, _peeked.Message);
        string[] what = [.. _peeked.Word is { } word ? [$"{word}"] : Array.Empty<string>(),
            .. handled ? [NameOf(_peeked.Message)] : Array.Empty<string>()];
        return $"{who} takes {(what.Length == 0 ? "nothing" : string.Join(", ", what))}";
    }
}
