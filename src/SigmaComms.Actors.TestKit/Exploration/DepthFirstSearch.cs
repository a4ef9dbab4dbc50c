namespace SigmaComms.Actors.TestKit.Exploration;

/// <summary>
/// Goes through all orders of a scenario, one run each: the last choice that has another option is next.
/// </summary>
internal sealed class DepthFirstSearch(int deviationsMax)
{
    /// <summary>What the next run begins with, or null when all orders were tried.</summary>
    public IReadOnlyList<int>? Prefix { get; private set; } = [];

    /// <summary>Takes in what the last run had to choose from.</summary>
    public void Note(IReadOnlyList<Choice> made)
    {
        int deviations = made.Count(static choice => choice.Index != 0);
        for (int i = made.Count - 1; i >= 0; i--)
        {
            deviations -= made[i].Index != 0 ? 1 : 0;
            if (made[i].Index + 1 < made[i].Count && deviations < deviationsMax)
            {
                Prefix = [.. made.Take(i).Select(static choice => choice.Index), made[i].Index + 1];
                return;
            }
        }

        Prefix = null;
    }
}
