using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Votes;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>Signs a ballot that the guard durably knows. Reply: <see cref="VoteSigned"/>.</summary>
/// <param name="Ballot">The ballot.</param>
/// <param name="Voter">This node's place.</param>
/// <param name="Incarnation">This node's incarnation.</param>
/// <param name="Block">Of a ballot of kind propose the block.</param>
internal sealed record SignVote(Ballot Ballot, byte Voter, uint Incarnation, Block? Block);
