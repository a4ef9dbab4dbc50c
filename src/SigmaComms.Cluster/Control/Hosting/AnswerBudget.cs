using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>
/// How many bytes each peer may have in answer to its questions, which are short and may come as often as it likes: so
/// many at once, and so many a second after that. What is over it is not even encoded; whoever needs it asks again.
/// </summary>
/// <remarks>Safe to call from any thread.</remarks>
/// <param name="bytesPerSecond">How fast room comes back.</param>
/// <param name="bytesMax">How much there is at most.</param>
internal sealed class AnswerBudget(long bytesPerSecond, long bytesMax)
{
    private const int PeersMax = 4_096;

    private readonly Lock _gate = new();
    private readonly Dictionary<NodeId, (long Left, TimeSpan At)> _peers = [];

    /// <summary>Whether a message answers a question, and so may be long and asked for at will.</summary>
    public static bool IsAnswer(Message message) =>
        message is Message.Certificates or Message.BlockFound or Message.Propose;

    /// <summary>About how many bytes an answer has.</summary>
    public static int SizeOf(Message message) => message switch
    {
        Message.Certificates m => m.Items.Sum(item => item.Votes.Count * Vote.SignatureSizeMax),
        Message.BlockFound m => m.Block.Body.Encoded.Length,
        Message.Propose m => m.Block.Body.Encoded.Length + Vote.SignatureSizeMax,
        _ => 0,
    };

    /// <summary>Takes what an answer costs from a peer's share.</summary>
    /// <returns>False if there is not so much left.</returns>
    public bool TryTake(NodeId peer, long sizeBytes, TimeSpan now)
    {
        lock (_gate)
        {
            long left = LeftOf(peer, now) - sizeBytes;
            if (left < 0)
            {
                return false;
            }

            if (_peers.Count >= PeersMax && !_peers.ContainsKey(peer))
            {
                Sweep(now);
            }

            _peers[peer] = (left, now);
            return true;
        }
    }

    private long LeftOf(NodeId peer, TimeSpan now)
    {
        if (!_peers.TryGetValue(peer, out (long Left, TimeSpan At) known))
        {
            return bytesMax;
        }

        double seconds = Math.Clamp((now - known.At).TotalSeconds, 0, 3_600);
        return Math.Min(bytesMax, known.Left + (long)(seconds * bytesPerSecond));
    }

    // Who has all of its share needs no place; only nodes of the cluster are linked, so there are few others.
    private void Sweep(TimeSpan now)
    {
        foreach (NodeId peer in _peers.Keys.ToArray())
        {
            if (LeftOf(peer, now) == bytesMax)
            {
                _peers.Remove(peer);
            }
        }
    }
}
