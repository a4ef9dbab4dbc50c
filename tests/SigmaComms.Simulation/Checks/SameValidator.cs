using SigmaComms.Consensus;

namespace SigmaComms.Simulation.Checks;

/// <summary>Compares validators by what they are.</summary>
internal sealed class SameValidator : IEqualityComparer<Validator>
{
    public static SameValidator Instance { get; } = new();

    public bool Equals(Validator? x, Validator? y) =>
        x is not null && y is not null && x.Node == y.Node && x.Incarnation == y.Incarnation
        && x.VotingKey.Span.SequenceEqual(y.VotingKey.Span);

    public int GetHashCode(Validator obj) => obj.Node.GetHashCode();
}
