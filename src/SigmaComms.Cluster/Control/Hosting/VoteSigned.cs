using SigmaComms.Consensus.Votes;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>A vote of this node.</summary>
/// <param name="Vote">The vote.</param>
/// <param name="Encoded">The message for the others.</param>
internal sealed record VoteSigned(Vote Vote, byte[] Encoded);
