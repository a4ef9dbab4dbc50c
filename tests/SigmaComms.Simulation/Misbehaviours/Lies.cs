using SigmaComms.Simulation.Faults;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Misbehaviours;

/// <summary>Makes a liar of a kind.</summary>
internal static class Lies
{
    public static Misbehaviour Of(LieKind kind, SimRandom random) => kind switch
    {
        LieKind.Equivocate => new Equivocator(random),
        LieKind.Nullify => new Nullifier(random),
        LieKind.Select => new Selector(random),
        LieKind.Replay => new Replayer(random),
        LieKind.Silence => new SilentLeader(random),
        LieKind.Mislead => new Misleader(random),
        LieKind.ProposeBadly => new BadProposer(random),
        LieKind.Forge => new Forger(random),
        _ => new Twin(random),
    };
}
