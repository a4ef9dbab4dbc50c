namespace SigmaComms.Simulation.Worlds;

/// <summary>An invariant does not hold: the run ends here.</summary>
/// <param name="invariant">Which, in a few words that stay the same for the same fault.</param>
/// <param name="detail">Who, where, what.</param>
internal sealed class SimulationFailure(string invariant, string detail) : Exception($"{invariant}: {detail}")
{
    public string Invariant => invariant;
}
