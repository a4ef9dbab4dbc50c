using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Verification;

/// <summary>
/// What peers sent and was not handled yet: a queue for each peer, bounded, served in turn, so that the flood of one
/// takes nothing from the others. Frames of one peer are verified one after the other, so their order stays.
/// </summary>
/// <remarks>Safe to call from any thread.</remarks>
/// <param name="peerBytesMax">Bytes of one peer, from arrival until the core has taken them.</param>
/// <param name="bytesMax">Bytes of all.</param>
internal sealed class FrameQueue(int peerBytesMax, long bytesMax)
{
    /// <summary>Frames of one peer: 4,096.</summary>
    public const int PeerFramesMax = 4_096;

    private const int Overhead = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<NodeId, PeerQueue> _peers = [];
    private readonly Queue<PeerQueue> _ready = new();
    private long _bytes;
    private bool _isClosed;

    /// <summary>Bytes that wait, of all peers.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <summary>Takes a frame in.</summary>
    /// <returns>False if as much waits as may.</returns>
    public bool TryAdd(NodeId from, ReadOnlyMemory<byte> content)
    {
        long cost = content.Length + Overhead;
        lock (_gate)
        {
            if (!_peers.TryGetValue(from, out PeerQueue? peer))
            {
                peer = new PeerQueue();
                _peers.Add(from, peer);
            }

            if (_isClosed || peer.Bytes + cost > peerBytesMax || _bytes + cost > bytesMax
                || peer.Waiting.Count >= PeerFramesMax)
            {
                return false;
            }

            peer.Bytes += cost;
            _bytes += cost;
            peer.Waiting.Enqueue(new PeerFrame(from, content));
            if (!peer.IsListed)
            {
                peer.IsListed = true;
                _ready.Enqueue(peer);
            }

            return true;
        }
    }

    /// <summary>The next frame, of the peer whose turn it is; that peer has no other turn until <see cref="Done"/>.
    /// </summary>
    /// <returns>False if there is none, or only of peers who have their turn.</returns>
    public bool TryTake(out PeerFrame frame)
    {
        lock (_gate)
        {
            frame = default;
            return _ready.TryDequeue(out PeerQueue? peer) && peer.Waiting.TryDequeue(out frame);
        }
    }

    /// <summary>A frame that was taken is verified or refused; its peer may have its next turn.</summary>
    public void Done(NodeId from)
    {
        lock (_gate)
        {
            PeerQueue peer = _peers[from];
            peer.IsListed = peer.Waiting.Count > 0;
            if (peer.IsListed)
            {
                _ready.Enqueue(peer);
            }
        }
    }

    /// <summary>The core has taken a frame, or it was refused: its room is free.</summary>
    public void Release(in PeerFrame frame)
    {
        long cost = frame.Content.Length + Overhead;
        lock (_gate)
        {
            _peers[frame.From].Bytes -= cost;
            _bytes -= cost;
        }
    }

    /// <summary>Nothing more is taken in.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
    }

    private sealed class PeerQueue
    {
        public Queue<PeerFrame> Waiting { get; } = new();

        public long Bytes { get; set; }

        /// <summary>Whether it waits for its turn or has it.</summary>
        public bool IsListed { get; set; }
    }
}
