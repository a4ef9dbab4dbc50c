using SigmaComms.Cryptography;

namespace SigmaComms.Consensus;

/// <summary>A node that votes in one epoch.</summary>
/// <param name="Node">The node.</param>
/// <param name="Incarnation">
/// Counts the lives of its durable state. A node that lost its disk votes again only under a new one; votes of another
/// incarnation are ignored.
/// </param>
/// <param name="VotingKey">Its ML-DSA-65 public key of this epoch, 1,952 bytes; not the node's identity key.</param>
public sealed record Validator(NodeId Node, uint Incarnation, ReadOnlyMemory<byte> VotingKey);
