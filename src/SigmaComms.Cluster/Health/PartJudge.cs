using SigmaComms.Actors.Breakers;
using SigmaComms.Actors.Health;
using static System.FormattableString;

namespace SigmaComms.Cluster.Health;

/// <summary>
/// Judges a part of the node with all below it: the worst counts, unless its supervisor restarted it within its
/// limits. Pure.
/// </summary>
internal static class PartJudge
{
    private const int FailuresMany = 10;
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HeldLong = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Stuck = TimeSpan.FromMinutes(1);

    public static Finding Judge(ActorSnapshot part, PartFailures? failures, string window)
    {
        List<Finding> found = [];
        foreach (ActorSnapshot actor in Subtree(part))
        {
            if (OfActor(actor) is { } finding)
            {
                found.Add(finding);
            }
        }

        if (failures is { InWindow: >= FailuresMany })
        {
            found.Add(new Finding(
                part.Path.Elements, "failures", Verdict.Degraded,
                Invariant($"{failures.InWindow} failures in {window}, the last: {failures.LastError}"),
                "look for the first of them in the log"));
        }

        return found.MaxBy(static finding => finding.Verdict)
            ?? new Finding(
                part.Path.Elements, NameOf(part.State), Verdict.Healthy,
                Invariant($"{part.Processed} messages handled"));
    }

    /// <summary>A part that was there and is not any more.</summary>
    public static Finding Gone(string path) => new(
        path, "gone", Verdict.Unhealthy, "it failed too often and was stopped",
        "restart the node; the log says why before the end of this part");

    public static IEnumerable<ActorSnapshot> Subtree(ActorSnapshot actor) =>
        actor.Children.SelectMany(Subtree).Prepend(actor);

    private static Finding? OfActor(ActorSnapshot actor)
    {
        if (actor.Own == Verdict.Healthy)
        {
            return null;
        }

        string path = actor.Path.Elements;
        (string code, string detail, string remedy) = actor switch
        {
            { Breakers: { Count: > 0 } breakers } when WorstOf(breakers) is { State: not BreakerState.Closed } open =>
                ($"breaker_{NameOf(open.State)}",
                    Invariant($"breaker {open.Name} has not been closed for {open.NotClosedFor.TotalSeconds:F0} s, ")
                        + Invariant($"{open.Rejected} calls were refused: {open.LastError}"),
                    $"what is behind breaker {open.Name} of {path} fails: mend it, the breaker closes by itself"),
            { State: ActorState.Abandoned } => (
                NameOf(actor.State), "a handler did not end in time and was left behind",
                $"restart the node; the log says what {path} waited for"),
            { State: ActorState.Suspended or ActorState.Backoff } => (
                NameOf(actor.State), actor.LastError ?? "its supervisor failed",
                Invariant($"{path} failed {actor.FailuresInWindow} times in five minutes and waits to restart")),
            { OldestMessageAge: var age } when age >= Late => (
                age >= Stuck ? "stuck" : "late",
                Invariant($"its oldest message waits for {age.TotalSeconds:F0} s, {actor.Depth} wait"),
                Invariant($"{path} is {NameOf(actor.State)} while {actor.Depth} messages wait: disk or peer is slow")),
            { HoldingFor: var held } when held > TimeSpan.Zero => (
                "holds_thread", Invariant($"its handler has held its thread for {held.TotalMilliseconds:F0} ms"),
                $"the machine has too little processor time, or a handler of {path} blocks"),
            { GaveUpAt: { } } => (
                "gave_up", actor.LastError ?? "a child failed more often than it may and was stopped",
                $"the log says which child of {path} it was, and why"),
            _ => (
                "mailbox_high", Invariant($"{actor.Depth} of {actor.Capacity} messages wait"),
                Invariant($"{actor.Depth} of {actor.Capacity} messages wait at {path}: spread the load over nodes")),
        };
        Verdict verdict = code switch
        {
            "stuck" => Verdict.Unhealthy,

            // A tenth of a second is worth a line in the log, but no turn of the node's verdict.
            "holds_thread" when actor.HoldingFor < HeldLong => Verdict.Healthy,
            _ => actor.Own,
        };
        return verdict == Verdict.Healthy ? null : new Finding(path, code, verdict, detail, remedy);
    }

    private static BreakerSnapshot WorstOf(IReadOnlyList<BreakerSnapshot> breakers) =>
        breakers.MaxBy(static breaker => breaker.State)!;

    private static string NameOf(BreakerState state) => state switch
    {
        BreakerState.HalfOpen => "half_open",
        _ => state.ToString().ToLowerInvariant(),
    };

    private static string NameOf(ActorState state) => state.ToString().ToLowerInvariant();
}
