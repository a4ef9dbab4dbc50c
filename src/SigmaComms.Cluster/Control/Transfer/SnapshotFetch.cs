using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Transfer;

/// <summary>
/// From whom a snapshot is being taken: one peer at a time, as long as it answers. Each question lets one answer in, so
/// that no peer can fill this node's memory while the disk is slow. For one actor.
/// </summary>
internal sealed class SnapshotFetch(ControlDesk desk)
{
    private const int LeftMax = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Penalty = TimeSpan.FromMinutes(1);

    private readonly Dictionary<NodeId, TimeSpan> _left = [];

    private NodeId? _peer;
    private Height _from;
    private TimeSpan _heard;
    private Awaited _awaited;

    private enum Awaited
    {
        Nothing,
        Offer,
        Part,
    }

    /// <summary>A peer has no blocks that this replica needs, but a snapshot.</summary>
    /// <returns>Whether it is to be asked, see <see cref="Ask"/>.</returns>
    public bool Hint(NodeId peer, Height height, Replica replica)
    {
        bool isLeft = _left.TryGetValue(peer, out TimeSpan at) && desk.Node.Now - at < Penalty;
        if (_peer is not null || isLeft || height <= replica.FinalHeight)
        {
            return false;
        }

        (_peer, _from, _heard, _awaited) = (peer, replica.FinalHeight, desk.Node.Now, Awaited.Nothing);
        return true;
    }

    /// <summary>Asks the peer for its snapshot, and for the way to it from known validators.</summary>
    public void Ask(NodeId peer, ValidatorSet known)
    {
        if (_peer != peer)
        {
            return;
        }

        (_heard, _awaited) = (desk.Node.Now, Awaited.Offer);
        desk.Fetch.Ask(peer, known);
        byte[] question = HostMessageCodec.Encode(new HostMessage.SnapshotAsked(known.Epoch));
        desk.Send(peer, question, isUrgent: true);
    }

    /// <summary>The peer is asked for a part.</summary>
    public void AskPart(NodeId peer)
    {
        if (_peer == peer)
        {
            (_heard, _awaited) = (desk.Node.Now, Awaited.Part);
        }
    }

    /// <summary>Whether a message is the one answer that is awaited; another one is not taken any more.</summary>
    public bool TryTake(NodeId peer, HostMessage message)
    {
        bool isAwaited = _peer == peer && message switch
        {
            HostMessage.HandoversFound => _awaited == Awaited.Offer,
            HostMessage.SnapshotOffered m => _awaited == Awaited.Offer && m.Offer.Manifest.Block.Height > _from,
            HostMessage.PartFound => _awaited == Awaited.Part,
            _ => false,
        };
        if (isAwaited)
        {
            (_heard, _awaited) = (desk.Node.Now, Awaited.Nothing);
        }

        return isAwaited;
    }

    /// <summary>The snapshot is here.</summary>
    public void End()
    {
        (_peer, _awaited) = (null, Awaited.Nothing);
        desk.Fetch.End();
    }

    /// <summary>A peer that does not answer is left.</summary>
    public void Tick()
    {
        if (_awaited != Awaited.Nothing && desk.Node.Now - _heard >= Patience)
        {
            Leave();
        }
    }

    /// <summary>
    /// The peer does not answer as it should: others have their turn before it is asked again; what was taken stays.
    /// </summary>
    public void Leave()
    {
        if (_peer is not { } peer)
        {
            return;
        }

        if (_left.Count >= LeftMax)
        {
            _left.Clear();
        }

        _left[peer] = desk.Node.Now;
        End();
    }
}
