using SigmaComms.Cryptography;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Repair;

/// <summary>Where fragments belong, and which nodes cannot have them, as this node sees it at one moment.</summary>
/// <param name="Self">This node.</param>
/// <param name="Epoch">The membership's epoch.</param>
/// <param name="Placement">The storage nodes of that epoch.</param>
/// <param name="Gone">Those of them that have been down for longer than the grace: they are not waited for.</param>
/// <param name="Leaving">Nodes that are to give up what they still have.</param>
internal sealed record PlacementView(
    NodeId Self,
    ulong Epoch,
    Placement Placement,
    IReadOnlySet<NodeId> Gone,
    IReadOnlyList<NodeId> Leaving)
{
    /// <summary>
    /// Whether this node is cut off from most of the others, so that it is rather itself that is gone. Then nothing is
    /// rebuilt: the others do it.
    /// </summary>
    public bool IsCutOff => Gone.Count * 2 > Placement.Nodes.Count;

    /// <summary>Where the fragments of a stripe belong, and where else they may be.</summary>
    /// <param name="label">A label of any fragment of the stripe.</param>
    /// <remarks>
    /// Those whose node is gone go, in order, to the next in their rank whose end would not take more fragments than
    /// may
    /// be lost.
    /// </remarks>
    public StripeSeats SeatsOf(FragmentLabel label)
    {
        NodeId[][] ranks = Placement.Rank([.. label.Siblings.Select(sibling => sibling.Id)]);
        NodeId?[] homes = [.. ranks.Select(rank => Gone.Contains(rank[0]) ? (NodeId?)null : rank[0])];
        if (Gone.Count > 0)
        {
            ranks = [.. ranks.Select(rank => rank.Where(node => !Gone.Contains(node)).ToArray())];
            for (int i = 0; i < homes.Length; i++)
            {
                homes[i] ??= FirstWithRoom(ranks[i], homes, label.ParityFragments);
            }
        }

        return new StripeSeats(homes, ranks);
    }

    /// <summary>Whether fragments belong where they did by another view.</summary>
    /// <param name="other">The other view.</param>
    public bool PlacesAs(PlacementView other) => Epoch == other.Epoch
        && Gone.SetEquals(other.Gone) && Placement.Nodes.SequenceEqual(other.Placement.Nodes)
        && Leaving.SequenceEqual(other.Leaving);

    private static NodeId? FirstWithRoom(NodeId[] rank, NodeId?[] homes, int countMax)
    {
        foreach (NodeId node in rank)
        {
            if (homes.Count(home => home == node) < countMax)
            {
                return node;
            }
        }

        return null;
    }
}
