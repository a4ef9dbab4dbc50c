namespace SigmaComms.Actors.TestKit.Exploration;

/// <summary>Makes a failing schedule short: fewer choices that are not the first option, and earlier ones.</summary>
internal sealed class Shrinker(ScenarioRunner runner, int runsMax)
{
    private int _runs;

    /// <summary>The shortest failing run that was found, which may be the given one.</summary>
    public ScenarioRun Shrink(ScenarioRun failing)
    {
        ScenarioRun best = failing;
        while (TryShorten(best) is { } shorter)
        {
            best = shorter;
        }

        return best;
    }

    // Anything that fails alike and is shorter.
    private ScenarioRun? TryShorten(ScenarioRun best)
    {
        foreach (int[] candidate in Candidates([.. best.Schedule.Choices]))
        {
            if (_runs++ >= runsMax)
            {
                return null;
            }

            ScenarioRun run = runner.Run(best.Schedule.Seed, new ListChooser(candidate));
            if (ScenarioFaultException.AreAlike(run.Fault, best.Fault) && Size(run).CompareTo(Size(best)) < 0)
            {
                return run;
            }
        }

        return null;
    }

    private static (int Deviations, int Length, int Sum, int Steps) Size(ScenarioRun run) => (
        run.Schedule.Choices.Count(static choice => choice != 0),
        run.Schedule.Choices.Count,
        run.Schedule.Choices.Sum(),
        run.Trace.Count);

    private static IEnumerable<int[]> Candidates(int[] choices)
    {
        for (int size = choices.Length; size > 0; size /= 2)
        {
            for (int start = 0; start < choices.Length; start += size)
            {
                int end = Math.Min(choices.Length, start + size);
                if (choices[start..end].Any(static choice => choice != 0))
                {
                    yield return [.. choices[..start], .. new int[end - start], .. choices[end..]];
                }

                yield return [.. choices[..start], .. choices[end..]];
            }
        }

        for (int i = 0; i < choices.Length; i++)
        {
            for (int smaller = 1; smaller < choices[i]; smaller++)
            {
                yield return [.. choices[..i], smaller, .. choices[(i + 1)..]];
            }
        }
    }
}
