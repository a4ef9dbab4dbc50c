using SigmaComms.Consensus.Membership;

namespace SigmaComms.Cluster.Control.Keys;

/// <summary>A new voting key is durable.</summary>
/// <param name="Claim">What the node says of it to the others.</param>
internal sealed record KeyMade(VotingKeyClaim Claim);
