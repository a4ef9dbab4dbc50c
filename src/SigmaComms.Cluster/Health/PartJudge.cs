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
    private static readonly TimeSpan Stuck = TimeSpan.FromMinutes(1);

    public static Finding Judge(ActorSnapshot part, PartFailures? failures)
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
                part.Path.Elements, "failures", HealthVerdict.Degraded,
                Invariant($"{failures.InWindow} failures in five minutes, the last: {failures.LastError}"),
                "look for the first of them in the log"));
        }

        return found.MaxBy(static finding => finding.Verdict)
            ?? new Finding(
                part.Path.Elements, NameOf(part.State), HealthVerdict.Healthy,
                Invariant($"{part.Processed} messages handled"));
    }

    /// <summary>A part that was there and is not any more.</summary>
    public static Finding Gone(string path) => new(
        path, "gone", HealthVerdict.Unhealthy, "it failed too often and was stopped",
        "restart the node; the log says why before the end of this part");

    public static IEnumerable<ActorSnapshot> Subtree(ActorSnapshot actor) =>
        actor.Children.SelectMany(Subtree).Prepend(actor);

    private static Finding? OfActor(ActorSnapshot actor)
    {
        string path = actor.Path.Elements;
        if (actor.State is ActorState.Abandoned or ActorState.Backoff)
        {
            return new Finding(
                path, NameOf(actor.State), HealthVerdict.Degraded, actor.LastError ?? "no error is known",
                actor.State == ActorState.Backoff
                    ? Invariant($"{path} failed {actor.FailuresInWindow} times and waits before its restart")
                    : "a handler did not end in time and was left behind: look for what it waits");
        }

        if (actor.OldestMessageAge >= Late)
        {
            bool stuck = actor.OldestMessageAge >= Stuck;
            return new Finding(
                path, stuck ? "stuck" : "late", stuck ? HealthVerdict.Unhealthy : HealthVerdict.Degraded,
                Invariant($"its oldest message waits for {actor.OldestMessageAge.TotalSeconds:F0} s"),
                Invariant($"{path} is {NameOf(actor.State)} and {actor.Depth} messages wait: ")
                    + "the disk or a peer is slow");
        }

        return actor.Capacity >= 16 && actor.Depth >= actor.Capacity - (actor.Capacity / 4)
            ? new Finding(
                path, "mailbox_high", HealthVerdict.Degraded,
                Invariant($"{actor.Depth} of {actor.Capacity} messages wait"),
                Invariant($"{actor.Depth} of {actor.Capacity} messages wait at {path}: spread the load over nodes"))
            : null;
    }

    private static string NameOf(ActorState state) => state.ToString().ToLowerInvariant();
}
