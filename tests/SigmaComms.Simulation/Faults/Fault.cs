using System.Globalization;

namespace SigmaComms.Simulation.Faults;

/// <summary>Something that goes wrong at a time.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">What.</param>
/// <param name="Node">To which node, if to one.</param>
/// <param name="Value">How much; its meaning is the kind's.</param>
internal readonly record struct Fault(TimeSpan At, FaultKind Kind, int Node, int Value)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{At.TotalMilliseconds:F0} ms {Kind} n{Node} {Value}");
}
