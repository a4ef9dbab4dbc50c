using SigmaComms.Cluster.Control.Verification;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>
/// Tells of refused frames, at most once in ten seconds for each peer, with how many there were: a flood of junk must
/// not become a flood of log lines.
/// </summary>
/// <remarks>Safe to call from any thread.</remarks>
internal sealed class RefusalLog(NodeContext node)
{
    private const int PeersMax = 1_024;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<NodeId, Entry> _peers = [];

    /// <summary>A frame was refused.</summary>
    public void Note(NodeId from, RefusedFrame reason)
    {
        long count;
        lock (_gate)
        {
            if (!_peers.TryGetValue(from, out Entry? entry))
            {
                if (_peers.Count >= PeersMax)
                {
                    _peers.Clear();
                }

                entry = new Entry();
                _peers.Add(from, entry);
            }

            entry.Count++;
            TimeSpan now = node.Now;
            if (entry.ToldAt is { } told && now - told < Interval)
            {
                return;
            }

            entry.ToldAt = now;
            count = entry.Count;
            entry.Count = 0;
        }

        // An epoch that is not the own one is common where a node is behind; the rest is not.
        if (reason == RefusedFrame.ForeignEpoch)
        {
            node.Logger.FrameOfOtherEpoch(from.Short, count);
        }
        else
        {
            node.Logger.FrameRefused(from.Short, reason, count);
        }
    }

    private sealed class Entry
    {
        public long Count { get; set; }

        public TimeSpan? ToldAt { get; set; }
    }
}
