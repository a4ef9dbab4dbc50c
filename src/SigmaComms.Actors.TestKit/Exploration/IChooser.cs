using SigmaComms.Actors.TestKit.Simulation;

namespace SigmaComms.Actors.TestKit.Exploration;

/// <summary>Decides which of several steps is next.</summary>
internal interface IChooser
{
    /// <summary>Called where there is a choice.</summary>
    /// <param name="due">The steps, in the order they became due.</param>
    /// <param name="count">How many options: one more than there are steps if the clock may go on instead.</param>
    /// <returns>The index of the option.</returns>
    int Choose(IReadOnlyList<SimulationStep> due, int count);
}
