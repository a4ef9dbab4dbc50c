using SigmaComms.Cryptography;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Repair;

/// <summary>Looks after the siblings of a fragment.</summary>
/// <remarks>
/// Whoever has a fragment looks after the next one of its stripe, counted round, and as long as they are lost after the
/// ones after that. So each lost fragment has exactly one node that rebuilds it, the holder of the nearest one before
/// it,
/// and a stripe in which nothing is lost costs each holder one question. Safe to call from any thread.
/// </remarks>
internal sealed class StripeCheck(FragmentPaths paths)
{
    /// <summary>How many nodes are asked for a fragment: writers go down its rank only as far as nodes fail.</summary>
    public const int DepthMax = 64;

    /// <summary>Looks after a fragment's siblings.</summary>
    /// <param name="own">A fragment that this node has.</param>
    /// <param name="view">Where fragments belong.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>
    /// What this node has to rebuild, or null if there is nothing; and whether that is sure: a node that does not
    /// answer
    /// makes it doubtful.
    /// </returns>
    public async Task<(StripeDamage? Damage, bool IsSure)> CheckAsync(
        StoredFragment own, PlacementView view, CancellationToken ct)
    {
        FragmentLabel label = own.Label;
        int count = label.Siblings.Count;
        StripeSeats seats = view.SeatsOf(label);
        List<int> lost = own.IsLive ? [] : [label.Index];
        SortedDictionary<int, SiblingPlace> places = [];
        bool isSure = true;
        for (int step = 1; step < count; step++)
        {
            int index = (label.Index + step) % count;
            SiblingPlace place = places[index] = await FindAsync(label.Of(index), seats.WaysTo(index), view, ct);
            if (place.Presence != Presence.Lost)
            {
                isSure = place.Presence != Presence.Unknown;
                break;
            }

            lost.Add(index);
        }

        if (lost.Count == 0)
        {
            return (null, isSure);
        }

        // Something is to be rebuilt: now it matters where all the others are.
        places[label.Index] = new SiblingPlace(
            label.Index, own.IsLive ? Presence.Present : Presence.Damaged, view.Self);
        for (int index = 0; index < count; index++)
        {
            if (!places.ContainsKey(index))
            {
                places[index] = await FindAsync(label.Of(index), seats.WaysTo(index), view, ct);
            }
        }

        return (new StripeDamage(own, lost, [.. places.Values]), isSure);
    }

    /// <summary>Looks for one fragment.</summary>
    /// <param name="label">What it must be.</param>
    /// <param name="ways">Where it may be, the likeliest first.</param>
    /// <param name="view">For nodes beyond these.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<SiblingPlace> FindAsync(
        FragmentLabel label, IEnumerable<NodeId> ways, PlacementView view, CancellationToken ct)
    {
        bool isUnknown = false;
        foreach (NodeId node in ways.Take(DepthMax).Concat(view.Leaving))
        {
            (StoreStatus status, FragmentLabel? found) = await paths.DescribeAsync(node, label.Id, ct);
            if (status == StoreStatus.Done && label.Equals(found))
            {
                return new SiblingPlace(label.Index, Presence.Present, node);
            }

            if (status == StoreStatus.Corrupt)
            {
                return new SiblingPlace(label.Index, Presence.Damaged, node);
            }

            isUnknown |= status is StoreStatus.Unreachable or StoreStatus.Full;
        }

        return new SiblingPlace(label.Index, isUnknown ? Presence.Unknown : Presence.Lost, default);
    }
}
