using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Transparency;

/// <summary>What somebody asks of a final block's state. An answer shows exactly that.</summary>
/// <param name="Name">A name in the key directory, or null.</param>
/// <param name="Node">A node, or null.</param>
/// <param name="Vault">A vault, or null.</param>
/// <param name="Members">Whether all nodes that are or ever were members are asked for.</param>
public sealed record HeadQuestion(
    string? Name = null, NodeId? Node = null, Digest? Vault = null, bool Members = false);
