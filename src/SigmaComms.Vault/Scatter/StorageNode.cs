using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Scatter;

/// <summary>A node that keeps fragments, as the membership tells of it.</summary>
/// <param name="Node">Who it is.</param>
/// <param name="Zone">What fails together: a rack, a building. Empty: the node is a zone of its own.</param>
/// <param name="Weight">Its share: 1 to 1,000,000; twice the weight, twice the fragments.</param>
public readonly record struct StorageNode(NodeId Node, string Zone, int Weight)
{
    /// <summary>The largest weight.</summary>
    public const int WeightMax = 1_000_000;
}
