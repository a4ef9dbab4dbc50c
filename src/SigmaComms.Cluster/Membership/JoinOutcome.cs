using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Membership;

/// <summary>What came of an attempt to join through one seed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Asked">The number of the request.</param>
/// <param name="Accepted">The members it knows, or null.</param>
/// <param name="Refusal">Its refusal, or null.</param>
/// <param name="Detail">What went wrong, for people.</param>
internal sealed record JoinOutcome(
    SeedNode Seed, Digest16 Asked, JoinAccepted? Accepted, Refused? Refusal, string Detail);
