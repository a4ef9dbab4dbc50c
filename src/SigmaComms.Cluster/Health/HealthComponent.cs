using SigmaComms.Actors.Health;

namespace SigmaComms.Cluster.Health;

/// <summary>The health of one part of the node with all that it supervises.</summary>
/// <param name="Path">Where it stands in the tree of actors.</param>
/// <param name="Verdict">The worst in it that its supervisor did not put right within its limits.</param>
/// <param name="State">What it is doing, or the finding.</param>
/// <param name="Since">Since when.</param>
/// <param name="Actors">How many actors it has, itself included.</param>
/// <param name="FailuresInWindow">Failures in it in the last five minutes.</param>
/// <param name="LastError">The last of them, or null.</param>
/// <param name="LastErrorAt">When that was, or null.</param>
/// <param name="Recommendation">What to do, with the figure and the option; null if nothing is to be done.</param>
public sealed record HealthComponent(
    string Path,
    Verdict Verdict,
    string State,
    DateTimeOffset Since,
    int Actors,
    int FailuresInWindow,
    string? LastError,
    DateTimeOffset? LastErrorAt,
    string? Recommendation);
