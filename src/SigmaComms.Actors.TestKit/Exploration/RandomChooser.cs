using SigmaComms.Actors.TestKit.Simulation;

namespace SigmaComms.Actors.TestKit.Exploration;

/// <summary>Every option is as likely as any other.</summary>
internal sealed class RandomChooser(ulong seed) : IChooser
{
    private readonly SplitMix _random = new(seed);

    public int Choose(IReadOnlyList<SimulationStep> due, int count) => _random.Below(count);
}
