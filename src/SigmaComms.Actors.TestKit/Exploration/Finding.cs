using System.Text;

namespace SigmaComms.Actors.TestKit.Exploration;

/// <summary>A fault that an exploration found, with the shortest schedule that was found to lead to it.</summary>
/// <param name="FoundBy">How the first such run was chosen.</param>
/// <param name="First">The schedule of that run.</param>
/// <param name="Run">The run of the shortened schedule.</param>
public sealed record Finding(string FoundBy, Schedule First, ScenarioRun Run)
{
    /// <summary>What went wrong.</summary>
    public Exception Fault => Run.Fault!;

    /// <summary>Repeats it.</summary>
    public Schedule Schedule => Run.Schedule;

    /// <summary>For the reader of a failed test: the fault, how to repeat it, and its steps.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.AppendLine($"Found by {FoundBy}: {Fault.GetType().Name}: {Fault.Message}");
        text.AppendLine($"Repeat it with explorer.Replay(Schedule.Parse(\"{Schedule}\")). Its steps:");
        for (int i = 0; i < Run.Trace.Count; i++)
        {
            text.AppendLine($"{i + 1,4} {Run.Trace[i]}");
        }

        return text.ToString();
    }
}
