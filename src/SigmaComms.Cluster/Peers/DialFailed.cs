using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Peers;

/// <summary>Dialling the peer did not succeed.</summary>
/// <param name="Lane">Which lane.</param>
/// <param name="Detail">Why, for people.</param>
/// <param name="Refusal">The peer's refusal, if it refused.</param>
internal sealed record DialFailed(Lane Lane, string Detail, Refused? Refusal);
