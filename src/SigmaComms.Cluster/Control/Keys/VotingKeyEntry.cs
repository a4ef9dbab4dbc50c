using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Keys;

/// <summary>One voting key of this node.</summary>
/// <param name="Incarnation">The life of the node's durable state for which it was made.</param>
/// <param name="KeyDigest">The hash of its public key.</param>
/// <param name="IsUsed">Whether the node began to keep a log under it.</param>
internal readonly record struct VotingKeyEntry(uint Incarnation, Digest KeyDigest, bool IsUsed);
