using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Membership;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Messaging.Links;
using Kept = SigmaComms.Consensus.Membership.Member;

namespace SigmaComms.Cluster.Storage.Doors;

/// <summary>Which nodes keep fragments, by the control log; where they listen, by this node's view.</summary>
internal static class StorageNodeList
{
    /// <summary>The list after the last final block that is here.</summary>
    /// <param name="reading">That state.</param>
    /// <param name="view">This node's view.</param>
    /// <param name="own">How this node's own storage stands; null if it has none.</param>
    public static StorageNodes Of(ControlReading reading, ClusterView view, StorageFigures? own)
    {
        Kept[] known = reading.Ledger.StateOf(MachineIds.Membership) is MembershipState membership
            ? [.. membership.Members.Where(
                member => member.Place.Roles.HasFlag(Consensus.Membership.NodeRoles.Storage))]
            : [];
        ulong epoch = known.Select(member => member.ChangedAt.Value).DefaultIfEmpty().Max();
        return new StorageNodes(
            epoch,
            [
                .. known.Where(member => member.State == Consensus.Membership.MemberState.Up)
                    .OrderBy(member => member.Node)
                    .Take(LinkLimits.Members)
                    .Select(member => StatusOf(member, view, member.Node == view.Self ? own : null)),
            ]);
    }

    private static StorageNodeStatus StatusOf(Kept member, ClusterView view, StorageFigures? figures)
    {
        Membership.Member? seen = view.Members.GetValueOrDefault(member.Node);
        return new StorageNodeStatus(
            member.Node,
            seen?.Name ?? string.Empty,
            seen?.Announcement.Endpoints[0].ToString() ?? (member.Addresses is [string first, ..] ? first : ""),
            member.Place.Zone,
            member.Place.Weight,
            (ulong)(figures?.CapacityBytes ?? 0),
            (ulong)(figures?.FreeBytes ?? 0));
    }
}
