namespace SigmaComms.Simulation.Runs;

/// <summary>How a run ended.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Hash">Over all that happened; the same seed and code give the same.</param>
/// <param name="Steps">Events.</param>
/// <param name="Height">Blocks that became final.</param>
/// <param name="Invariant">The one that does not hold; null if all hold.</param>
/// <param name="Detail">Who, where, what; null if all hold.</param>
/// <param name="Trace">The last events.</param>
internal sealed record RunResult(
    ulong Seed, string Hash, long Steps, ulong Height, string? Invariant, string? Detail, IReadOnlyList<string> Trace)
{
    public bool IsGood => Invariant is null;

    public override string ToString() => IsGood
        ? $"seed {Seed}: good, {Steps} events, height {Height}, trace {Hash}"
        : $"seed {Seed}: FAILED: {Invariant}\n{Detail}\nafter {Steps} events; the last of them:\n"
            + string.Join('\n', Trace) + $"\ntrace {Hash}";
}
