namespace SigmaComms.Simulation.Worlds;

/// <summary>How the links of a run behave while it is not calm.</summary>
/// <param name="DelayMin">The shortest way.</param>
/// <param name="DelayMax">The longest way, as a rule.</param>
/// <param name="LossPercent">So many messages are lost.</param>
/// <param name="RepeatPercent">So many arrive twice.</param>
/// <param name="StragglerPercent">So many take ten times as long.</param>
/// <param name="IsOrdered">Whether a link keeps the order, as a stream does.</param>
internal sealed record LinkProfile(
    TimeSpan DelayMin, TimeSpan DelayMax, int LossPercent, int RepeatPercent, int StragglerPercent, bool IsOrdered)
{
    public static LinkProfile Calm { get; } = new(
        TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(12), 0, 0, 0, false);
}
