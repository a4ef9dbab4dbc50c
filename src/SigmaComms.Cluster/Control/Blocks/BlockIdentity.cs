using SigmaComms.Consensus;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Blocks;

/// <summary>What the bytes of a block are, as computed from them.</summary>
/// <param name="Height">The height in its header.</param>
/// <param name="Digest">The hash of its header, which binds its body.</param>
internal readonly record struct BlockIdentity(Height Height, Digest Digest);
