using SigmaComms.Cryptography;
using SigmaComms.Vault.Erasure;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Client.Vaults.Health;

/// <summary>Looks for the fragments of a stripe at the nodes, and rebuilds those that are missing.</summary>
internal sealed class StripeInspector(VaultCore core)
{
    /// <summary>How far down a fragment's rank it is looked for.</summary>
    private const int DepthMax = 16;

    private StorageNetwork Storage => core.Options.Storage;

    /// <summary>Looks for all fragments.</summary>
    /// <param name="stripe">The stripe.</param>
    /// <param name="reads">Whether fragments are read whole and checked, or nodes only asked.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<StripeFindings> InspectAsync(LockedStripe stripe, bool reads, CancellationToken ct)
    {
        StripeEntry entry = stripe.Entry;
        FragmentId[] ids = stripe.Keys.Name(entry);
        NodeId[][] ranks = Storage.Placement.Rank(ids);
        StripeFindings findings = new(entry.Fragments);
        for (int i = 0; i < ids.Length; i++)
        {
            foreach (NodeId node in ranks[i].Take(DepthMax))
            {
                StoreStatus status = await AskAsync(node, entry, ids[i], i, reads, ct);
                _ = status == StoreStatus.Unreachable && findings.Silent.Add(node);
                if (status == StoreStatus.Corrupt)
                {
                    findings.Corrupt.Add((i, node));
                }

                if (status == StoreStatus.Done)
                {
                    findings.Holders[i] = node;
                    findings.Elsewhere += node == ranks[i][0] ? 0 : 1;
                    break;
                }
            }
        }

        return findings;
    }

    /// <summary>Rebuilds what is missing and gives it to nodes, those first that have none of the stripe.</summary>
    /// <returns>How many fragments nodes have kept.</returns>
    public async Task<int> RepairAsync(LockedStripe stripe, StripeFindings findings, CancellationToken ct)
    {
        StripeEntry entry = stripe.Entry;
        FragmentId[] ids = stripe.Keys.Name(entry);
        int length = entry.Layout.FragmentLength;
        using StripeBuffer room = core.Buffers.Rent(entry.Layout.StripeLength);
        bool[] present = await CollectAsync(entry, ids, findings, room.Memory, ct);
        bool[] wanted = [.. findings.Holders.Select(holder => holder is null)];
        ErasureCode code = new(entry.DataFragments, entry.ParityFragments);
        if (!code.TryRebuild(room.Memory.Span, present, wanted))
        {
            return 0;
        }

        // What is wrong stands in the way of what is right.
        foreach ((int index, NodeId node) in findings.Corrupt)
        {
            await Storage.DeleteAsync(node, ids[index], core.Options.Scatter.PutLimit, ct);
        }

        FragmentLabel first = stripe.Keys.LabelOf(entry);
        NodeId[][] ranks = Storage.Placement.Rank(ids);
        int kept = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            Memory<byte> fragment = room.Memory.Slice(i * length, length);
            if (wanted[i] && FragmentTree.RootOf(fragment.Span) == entry.Root(i))
            {
                kept += await PutAsync(first.Of(i), fragment, ranks[i], findings, ct) ? 1 : 0;
            }
        }

        return kept;
    }

    private async Task<StoreStatus> AskAsync(
        NodeId node, StripeEntry entry, FragmentId id, int index, bool reads, CancellationToken ct)
    {
        TimeSpan limit = core.Options.Scatter.GetLimit;
        if (!reads)
        {
            (StoreStatus status, FragmentLabel? label) = await Storage.DescribeAsync(node, id, limit, ct);
            bool isRight = label is null
                || (label.Root == entry.Root(index) && label.Length == entry.Layout.FragmentLength);
            return isRight ? status : StoreStatus.Corrupt;
        }

        using StripeBuffer room = core.Buffers.Rent(entry.Layout.FragmentLength);
        StoreStatus read = await Storage.GetAsync(node, id, room.Memory, limit, ct);
        return read == StoreStatus.Done && FragmentTree.RootOf(room.Memory.Span) != entry.Root(index)
            ? StoreStatus.Corrupt
            : read;
    }

    private async Task<bool[]> CollectAsync(
        StripeEntry entry, FragmentId[] ids, StripeFindings findings, Memory<byte> room, CancellationToken ct)
    {
        int length = entry.Layout.FragmentLength;
        bool[] present = new bool[ids.Length];
        for (int i = 0; i < ids.Length && present.Count(true) < entry.DataFragments; i++)
        {
            if (findings.Holders[i] is not NodeId holder)
            {
                continue;
            }

            Memory<byte> slot = room.Slice(i * length, length);
            StoreStatus read =
                await Storage.GetAsync(holder, ids[i], slot, core.Options.Scatter.GetLimit, ct);
            present[i] = read == StoreStatus.Done && FragmentTree.RootOf(slot.Span) == entry.Root(i);

            // What was found, and cannot be read, is missing too.
            findings.Holders[i] = present[i] ? holder : null;
        }

        return present;
    }

    private async Task<bool> PutAsync(
        FragmentLabel label,
        ReadOnlyMemory<byte> fragment,
        NodeId[] rank,
        StripeFindings findings,
        CancellationToken ct)
    {
        foreach (NodeId node in rank.OrderBy(node => findings.Holders.Contains(node)))
        {
            StoreStatus status =
                await Storage.PutAsync(node, label, fragment, core.Options.Scatter.PutLimit, ct);
            if (status == StoreStatus.Done)
            {
                findings.Holders[label.Index] = node;
                return true;
            }
        }

        return false;
    }
}
