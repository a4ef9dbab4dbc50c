using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Scatter;

/// <summary>One fragment to be asked of one node.</summary>
/// <param name="Index">Which fragment of its stripe.</param>
/// <param name="Depth">How many nodes of its rank were asked before.</param>
/// <param name="Node">The node.</param>
internal readonly record struct FragmentAttempt(int Index, int Depth, NodeId Node);
