using SigmaComms.Cryptography;
using SigmaComms.Vault.Erasure;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Cluster.Storage.Repair;

/// <summary>
/// Rebuilds fragments of a stripe from others. It needs no key, and keeps nothing that a root does not prove.
/// </summary>
/// <remarks>Doing it twice, or on two nodes at once, does no harm. Safe to call from any thread.</remarks>
internal sealed class StripeRebuild(
    FragmentPaths paths, StripeBuffers buffers, ByteThrottle throttle, RepairFigures figures)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(int Data, int Parity), ErasureCode> _codes = [];

    /// <summary>Rebuilds what is lost and puts it where it belongs.</summary>
    /// <param name="damage">What is lost.</param>
    /// <param name="view">Where fragments belong.</param>
    /// <param name="ct">Stops it; what was put stays.</param>
    public async Task<RebuildResult> RunAsync(StripeDamage damage, PlacementView view, CancellationToken ct)
    {
        FragmentLabel label = damage.Label;
        long roomBytes = (long)label.Length * label.Siblings.Count;
        if (damage.Spare < 0 || roomBytes > StripeBuffers.SizeMaxBytes)
        {
            return RebuildResult.TooFew;
        }

        StripeSeats seats = view.SeatsOf(label);
        Dictionary<NodeId, int> loads = damage.Survivors.GroupBy(place => place.Holder)
            .ToDictionary(group => group.Key, group => group.Count());
        if (!damage.Lost.Any(lost => IsOwn(damage, lost) || seats.Ranks[lost].Any(node => HasRoom(node, loads, label))))
        {
            return RebuildResult.NoPlace;
        }

        await throttle.TakeAsync((long)label.Length * (label.DataFragments + damage.Lost.Count), ct);
        using StripeBuffer room = buffers.Rent((int)roomBytes);
        bool[] present = new bool[label.Siblings.Count];
        if (!await FetchAsync(damage, room, present, ct))
        {
            return RebuildResult.TooFew;
        }

        bool[] wanted = new bool[present.Length];
        foreach (int lost in damage.Lost)
        {
            wanted[lost] = true;
        }

        bool isRebuilt = CodeOf(label).TryRebuild(room.Memory.Span, present, wanted);
        Invariant.Holds(isRebuilt);
        if (damage.Lost.Any(lost => RootOf(room, label, lost) != label.Siblings[lost].Root))
        {
            return RebuildResult.Inconsistent;
        }

        bool isPlaced = true;
        foreach (int lost in damage.Lost)
        {
            isPlaced &= await PlaceAsync(damage, lost, PartOf(room, label, lost), seats.WaysTo(lost), loads, ct);
        }

        return isPlaced ? RebuildResult.Rebuilt : RebuildResult.NoPlace;
    }

    private static bool IsOwn(StripeDamage damage, int lost) =>
        !damage.Own.IsLive && lost == damage.Label.Index;

    // A node whose end would take more than may be lost is no help.
    private static bool HasRoom(NodeId node, Dictionary<NodeId, int> loads, FragmentLabel label) =>
        loads.GetValueOrDefault(node) < label.ParityFragments;

    private static Memory<byte> PartOf(StripeBuffer room, FragmentLabel label, int index) =>
        room.Memory.Slice(index * label.Length, label.Length);

    private static Digest RootOf(StripeBuffer room, FragmentLabel label, int index) =>
        FragmentTree.RootOf(PartOf(room, label, index).Span);

    /// <summary>
    /// As many fragments as are needed, each only if its root proves it; the next one for each that fails.
    /// </summary>
    private async Task<bool> FetchAsync(StripeDamage damage, StripeBuffer room, bool[] present, CancellationToken ct)
    {
        FragmentLabel label = damage.Label;
        Queue<SiblingPlace> left = new(damage.Survivors.OrderByDescending(place => place.Holder == paths.Self));
        int needed = label.DataFragments;
        while (needed > 0 && left.Count >= needed)
        {
            List<Task<bool>> fetches = [];
            for (int i = 0; i < needed; i++)
            {
                fetches.Add(FetchOneAsync(label, left.Dequeue(), room, present, ct));
            }

            needed -= (await Task.WhenAll(fetches)).Count(isHere => isHere);
        }

        return needed == 0;
    }

    private async Task<bool> FetchOneAsync(
        FragmentLabel label, SiblingPlace place, StripeBuffer room, bool[] present, CancellationToken ct)
    {
        FragmentName name = label.Siblings[place.Index];
        Memory<byte> part = PartOf(room, label, place.Index);
        StoreStatus status = await paths.GetAsync(place.Holder, name.Id, part, ct);
        return present[place.Index] = status == StoreStatus.Done && FragmentTree.RootOf(part.Span) == name.Root;
    }

    private async Task<bool> PlaceAsync(
        StripeDamage damage,
        int lost,
        ReadOnlyMemory<byte> fragment,
        IEnumerable<NodeId> ways,
        Dictionary<NodeId, int> loads,
        CancellationToken ct)
    {
        FragmentLabel label = damage.Label.Of(lost);
        if (IsOwn(damage, lost) && await paths.Shelf.PutAsync(label, fragment, ct) == StoreStatus.Done)
        {
            figures.NoteRebuilt(label.Length);
            return true;
        }

        foreach (NodeId node in ways.Where(node => HasRoom(node, loads, label)))
        {
            if (await paths.PutAsync(node, label, fragment, ct) == StoreStatus.Done)
            {
                loads[node] = loads.GetValueOrDefault(node) + 1;
                figures.NoteRebuilt(label.Length);
                return true;
            }
        }

        return false;
    }

    private ErasureCode CodeOf(FragmentLabel label)
    {
        (int, int) shape = (label.DataFragments, label.ParityFragments);
        lock (_gate)
        {
            if (!_codes.TryGetValue(shape, out ErasureCode? code))
            {
                code = new ErasureCode(label.DataFragments, label.ParityFragments);
                _codes[shape] = code;
            }

            return code;
        }
    }
}
