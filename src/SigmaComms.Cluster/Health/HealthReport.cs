using SigmaComms.Actors.Health;

namespace SigmaComms.Cluster.Health;

/// <summary>One verdict on the node with its reasons, judged over the last five minutes.</summary>
/// <param name="At">When it was judged.</param>
/// <param name="Node">The node's name.</param>
/// <param name="Incarnation">The node's process.</param>
/// <param name="Checks">The reasons, one for each name.</param>
/// <param name="Components">The parts of the node.</param>
/// <param name="Resources">What the process uses.</param>
public sealed record HealthReport(
    DateTimeOffset At,
    string Node,
    ulong Incarnation,
    IReadOnlyList<HealthCheck> Checks,
    IReadOnlyList<HealthComponent> Components,
    ResourceReading Resources)
{
    /// <summary>The worst of the checks.</summary>
    public Verdict Verdict =>
        Checks.Count == 0 ? Verdict.Healthy : Checks.Max(static check => check.Verdict);

    /// <summary>Whether clients should be sent here: it takes part, and it can store.</summary>
    public bool IsReady => Checks.All(static check =>
        check.Verdict != Verdict.Unhealthy || check.Name is not (HealthJudge.Membership or HealthJudge.Storage));

    /// <summary>The report with one more reason.</summary>
    /// <param name="check">A finding that the node itself cannot make.</param>
    public HealthReport With(HealthCheck check) => this with { Checks = [.. Checks, check] };
}
