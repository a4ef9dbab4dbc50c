using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Membership;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Cryptography;
using SigmaComms.Vault.Scatter;
using LinkState = SigmaComms.Messaging.Links.MemberState;
using MemberState = SigmaComms.Consensus.Membership.MemberState;

namespace SigmaComms.Cluster.Storage.Repair;

/// <summary>
/// Sees where fragments belong: storage nodes by the control log's membership, and how long each has been away by this
/// node's own view.
/// </summary>
/// <remarks>To be observed every second or so. Safe to call from any thread.</remarks>
internal sealed class PlacementWatch(
    NodeId self, Func<ControlReading> read, Func<ClusterView> seen, TimeSpan downGrace, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<NodeId, long> _awaySince = [];
    private Height? _height;
    private ulong _epoch;
    private Placement? _placement;
    private List<NodeId> _leaving = [];

    /// <summary>The present view; null while there are no storage nodes.</summary>
    public PlacementView? Current()
    {
        lock (_gate)
        {
            Follow(read());
            if (_placement is null)
            {
                return null;
            }

            HashSet<NodeId> gone = [.. _placement.Nodes.Select(node => node.Node).Where(IsGone)];
            return new PlacementView(self, _epoch, _placement, gone, [.. _leaving.Where(node => !IsGone(node))]);
        }
    }

    private void Follow(ControlReading reading)
    {
        if (_height == reading.Height)
        {
            return;
        }

        _height = reading.Height;
        Consensus.Membership.Member[] members =
            reading.Ledger.StateOf(MachineIds.Membership) is MembershipState membership
                ? [.. membership.Members.Where(member => member.Place.Roles.HasFlag(NodeRoles.Storage))]
                : [];
        StorageNode[] nodes =
        [
            .. members.Where(member => member.State == MemberState.Up)
                .Select(member => new StorageNode(member.Node, member.Place.Zone, member.Place.Weight)),
        ];
        _epoch = members.Select(member => member.ChangedAt.Value).DefaultIfEmpty().Max();
        _leaving = [.. members.Where(member => member.State == MemberState.Draining).Select(member => member.Node)];
        if (nodes.Length is 0 or > Placement.NodesMax)
        {
            _placement = null;
        }
        else if (_placement is null || !_placement.Nodes.SequenceEqual(nodes.OrderBy(node => node.Node)))
        {
            _placement = new Placement(nodes);
        }
    }

    private bool IsGone(NodeId node)
    {
        Membership.Member? member = seen().Members.GetValueOrDefault(node);
        if (node == self || member is { IsOut: false, State: LinkState.Up })
        {
            _awaySince.Remove(node);
            return false;
        }

        // Away since it was first suspected: how long that may last is the operator's word, not that of the membership,
        // which takes its time to call a node down.
        _awaySince.TryAdd(node, time.GetTimestamp());
        return time.GetElapsedTime(_awaySince[node]) >= downGrace;
    }
}
