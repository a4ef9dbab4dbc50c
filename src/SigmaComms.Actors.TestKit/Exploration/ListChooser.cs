using SigmaComms.Actors.TestKit.Simulation;

namespace SigmaComms.Actors.TestKit.Exploration;

/// <summary>Follows a list of choices, and after its end takes what became due first.</summary>
internal sealed class ListChooser(IReadOnlyList<int> choices) : IChooser
{
    private int _next;

    public int Choose(IReadOnlyList<SimulationStep> due, int count) =>
        _next < choices.Count ? Math.Min(choices[_next++], count - 1) : 0;
}
