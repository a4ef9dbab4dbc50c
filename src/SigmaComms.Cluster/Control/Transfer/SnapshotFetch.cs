using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Transfer;

/// <summary>From whom a snapshot is being taken: one peer at a time, as long as it answers. For one actor.</summary>
internal sealed class SnapshotFetch(ControlDesk desk)
{
    private const int LeftMax = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Penalty = TimeSpan.FromMinutes(1);

    private readonly Dictionary<NodeId, TimeSpan> _left = [];

    private NodeId? _peer;
    private Height _from;
    private TimeSpan _heard;

    /// <summary>A peer has no blocks that this replica needs, but a snapshot.</summary>
    public void Hint(NodeId peer, Height height, Replica replica)
    {
        bool isLeft = _left.TryGetValue(peer, out TimeSpan at) && desk.Node.Now - at < Penalty;
        if (_peer is not null || isLeft || height <= replica.FinalHeight)
        {
            return;
        }

        (_peer, _from, _heard) = (peer, replica.FinalHeight, desk.Node.Now);
        byte[] question = HostMessageCodec.Encode(new HostMessage.SnapshotAsked(replica.Epoch));
        desk.Send(peer, question, isUrgent: true);
    }

    /// <summary>Whether an offer is the one that was asked for, and leads on.</summary>
    public bool IsWanted(NodeId peer, HostMessage.SnapshotOffered offered) =>
        IsFrom(peer) && offered.Offer.Manifest.Block.Height > _from;

    /// <summary>Whether a snapshot is being taken from a peer, which was just heard.</summary>
    public bool IsFrom(NodeId peer)
    {
        if (_peer != peer)
        {
            return false;
        }

        _heard = desk.Node.Now;
        return true;
    }

    /// <summary>The snapshot is here.</summary>
    public void End() => _peer = null;

    /// <summary>
    /// A peer that does not answer as it should is left, and others have their turn; what was taken stays.
    /// </summary>
    public void Tick()
    {
        if (_peer is { } peer && desk.Node.Now - _heard >= Patience)
        {
            if (_left.Count >= LeftMax)
            {
                _left.Clear();
            }

            _left[peer] = desk.Node.Now;
            _peer = null;
        }
    }
}
