using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Storage.Repair;

/// <summary>Where the fragments of a stripe belong.</summary>
/// <param name="Homes">For each the node that should have it; null: there is none.</param>
/// <param name="Ranks">For each the nodes that may have it, in the order in which writers turn to them.</param>
internal sealed record StripeSeats(IReadOnlyList<NodeId?> Homes, NodeId[][] Ranks)
{
    /// <summary>The nodes to ask for a fragment: the one that should have it, then the rest of its rank.</summary>
    /// <param name="index">Which fragment.</param>
    public IEnumerable<NodeId> WaysTo(int index) =>
        Homes[index] is { } home ? Ranks[index].Prepend(home).Distinct() : Ranks[index];
}
