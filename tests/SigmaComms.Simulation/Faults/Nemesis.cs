using SigmaComms.Simulation.Nodes;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Faults;

/// <summary>Makes things go wrong, and in the end right again.</summary>
internal sealed class Nemesis(World world)
{
    private readonly SimRandom _random = world.Random.Fork("nemesis");

    public void Do(Fault fault)
    {
        world.Trace.Note(fault.Node, fault.Kind.ToString(), (ulong)Math.Abs(fault.Value));
        _ = _random;
    }

    /// <summary>Everything works from now on.</summary>
    public void Pacify()
    {
        world.Trace.Note(-1, "peace");
        world.Network.Profile = LinkProfile.Calm;
        world.Network.Heal();
        foreach (SimNode node in world.Nodes)
        {
            node.CrashAtEffect = null;
            node.PausedUntil = default;
            node.ClockOffset = default;
            node.Boot();
        }
    }
}
