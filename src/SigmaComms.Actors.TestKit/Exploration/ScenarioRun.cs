namespace SigmaComms.Actors.TestKit.Exploration;

/// <summary>What one run of a scenario came to.</summary>
/// <param name="Schedule">Repeats it.</param>
/// <param name="Fault">What went wrong, or null.</param>
/// <param name="Trace">Its steps, in order, one line each.</param>
public sealed record ScenarioRun(Schedule Schedule, Exception? Fault, IReadOnlyList<string> Trace)
{
    /// <summary>With the number of options of each choice, for a systematic search.</summary>
    internal IReadOnlyList<Choice> Choices { get; init; } = [];
}
