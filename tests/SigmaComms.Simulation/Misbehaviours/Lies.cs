using SigmaComms.Simulation.Faults;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Misbehaviours;

/// <summary>Makes a liar of a kind.</summary>
internal static class Lies
{
    public static Misbehaviour Of(LieKind kind, SimRandom random) => kind switch
    {
        _ => new Twin(random),
    };
}
