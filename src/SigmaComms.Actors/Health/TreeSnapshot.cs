namespace SigmaComms.Actors.Health;

/// <summary>The whole tree at a moment.</summary>
/// <param name="At">When.</param>
/// <param name="Failure">The failure that was escalated above the top, or null.</param>
/// <param name="Actors">The actors below the root, with their children.</param>
public sealed record TreeSnapshot(DateTimeOffset At, string? Failure, IReadOnlyList<ActorSnapshot> Actors)
{
    /// <summary>All actors, parents before their children.</summary>
    public IEnumerable<ActorSnapshot> All => Actors.SelectMany(Flatten);

    /// <summary>The worst of all; unhealthy if a failure was escalated above the top.</summary>
    public Verdict Verdict => Failure is not null ? Verdict.Unhealthy
        : Actors.Select(static actor => actor.Verdict).DefaultIfEmpty().Max();

    private static IEnumerable<ActorSnapshot> Flatten(ActorSnapshot actor) =>
        actor.Children.SelectMany(Flatten).Prepend(actor);
}
