using SigmaComms.Cryptography;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Repair;

/// <summary>
/// Brings a fragment to the node where it belongs, and gives up the own copy after that node has shown it.
/// </summary>
/// <remarks>At no moment are there fewer copies than before it began. Safe to call from any thread.</remarks>
internal sealed class FragmentMove(
    FragmentPaths paths, StripeBuffers buffers, ByteThrottle throttle, SettledView settled, RepairFigures figures)
{
    /// <summary>Where a fragment belongs by a view; null: where it is.</summary>
    /// <param name="own">A fragment that this node has.</param>
    /// <param name="view">The view.</param>
    public static NodeId? TargetOf(StoredFragment own, PlacementView view)
    {
        NodeId? home = view.SeatsOf(own.Label).Homes[own.Label.Index];
        return home != view.Self ? home : null;
    }

    /// <summary>Moves a fragment.</summary>
    /// <param name="own">The fragment; whole.</param>
    /// <param name="view">Where it belongs.</param>
    /// <param name="ct">Stops it; then there may be two copies, and another time goes on from there.</param>
    /// <returns>Whether there is nothing to do any more; false: to be tried again.</returns>
    public async Task<bool> RunAsync(StoredFragment own, PlacementView view, CancellationToken ct)
    {
        if (TargetOf(own, view) is not { } target)
        {
            return true;
        }

        StoreStatus there = await LookAsync(own.Label, target, ct);
        if (there == StoreStatus.NotFound)
        {
            there = await CopyAsync(own.Label, target, ct);
        }

        if (there != StoreStatus.Done)
        {
            // A full node is as good as none: the fragment stays, as it would if it were written now.
            return there == StoreStatus.Full;
        }

        // Whether this node may give up its copy is asked first: the look at the other one must be the last thing
        // before the deletion.
        if (!await settled.MayDeleteAsync(view, ct) || await LookAsync(own.Label, target, ct) != StoreStatus.Done
            || !settled.IsStillSettled)
        {
            return false;
        }

        await paths.Shelf.DeleteAsync(own.Label.Id, ct);
        figures.NoteSurplus();
        return true;
    }

    private async Task<StoreStatus> LookAsync(FragmentLabel label, NodeId target, CancellationToken ct)
    {
        (StoreStatus status, FragmentLabel? found) = await paths.DescribeAsync(target, label.Id, ct);
        return status == StoreStatus.Done && !label.Equals(found) ? StoreStatus.Refused : status;
    }

    private async Task<StoreStatus> CopyAsync(FragmentLabel label, NodeId target, CancellationToken ct)
    {
        await throttle.TakeAsync(2L * label.Length, ct);
        using StripeBuffer room = buffers.Rent(label.Length);
        StoreStatus read = await paths.Shelf.GetAsync(label.Id, 0, room.Memory, ct);
        if (read != StoreStatus.Done)
        {
            return read == StoreStatus.Full ? StoreStatus.Unreachable : read;
        }

        StoreStatus put = await paths.PutAsync(target, label, room.Memory, ct);
        if (put == StoreStatus.Done)
        {
            figures.NoteMoved();
        }

        return put;
    }
}
