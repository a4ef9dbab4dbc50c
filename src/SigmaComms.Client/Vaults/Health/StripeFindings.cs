using SigmaComms.Cryptography;

namespace SigmaComms.Client.Vaults.Health;

/// <summary>Where fragments of one stripe were found.</summary>
/// <param name="fragments">How many it has.</param>
internal sealed class StripeFindings(int fragments)
{
    /// <summary>For each fragment a node that has it; null if none was found.</summary>
    public NodeId?[] Holders { get; } = new NodeId?[fragments];

    /// <summary>Fragments found at another node than they belong to.</summary>
    public int Elsewhere { get; set; }

    /// <summary>Fragments that a node has wrong, and which node.</summary>
    public List<(int Index, NodeId Node)> Corrupt { get; } = [];

    /// <summary>The most fragments that one node has.</summary>
    public int MostAtOneNode => Holders
        .Where(holder => holder is not null)
        .GroupBy(holder => holder)
        .Select(group => group.Count())
        .DefaultIfEmpty()
        .Max();

    /// <summary>Nodes that gave no answer.</summary>
    public HashSet<NodeId> Silent { get; } = [];

    /// <summary>How many were found.</summary>
    public int Found => Holders.Count(holder => holder is not null);
}
