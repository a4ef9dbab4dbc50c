using SigmaComms.Actors.Breakers;

namespace SigmaComms.Actors.Health;

/// <summary>What makes an actor degraded or unhealthy.</summary>
internal static class Verdicts
{
    private const int NearlyFullParts = 4;

    private static readonly TimeSpan Late = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan GivenUpCounts = TimeSpan.FromMinutes(5);

    public static ActorSnapshot Judged(this ActorSnapshot actor, DateTimeOffset now)
    {
        Verdict own = IsUnhealthy(actor) ? Verdict.Unhealthy
            : IsDegraded(actor, now) ? Verdict.Degraded
            : Verdict.Healthy;
        return own == actor.Own ? actor : actor with { Own = own };
    }

    private static bool IsUnhealthy(ActorSnapshot actor) =>
        actor.State == ActorState.Abandoned
        || actor.Depth >= actor.Capacity
        || actor.MailboxBytes >= actor.MailboxBytesMax
        || actor.Breakers.Any(static breaker => breaker.State is BreakerState.Open or BreakerState.Isolated);

    private static bool IsDegraded(ActorSnapshot actor, DateTimeOffset now) =>
        actor.State is ActorState.Suspended or ActorState.Backoff
        || actor.HoldingFor > TimeSpan.Zero
        || actor.OldestMessageAge > Late
        || (actor.Capacity >= NearlyFullParts && actor.Depth >= actor.Capacity - (actor.Capacity / NearlyFullParts))
        || actor.MailboxBytes >= actor.MailboxBytesMax - (actor.MailboxBytesMax / NearlyFullParts)
        || actor.Breakers.Any(static breaker => breaker.State == BreakerState.HalfOpen)
        || now - actor.GaveUpAt < GivenUpCounts;
}
