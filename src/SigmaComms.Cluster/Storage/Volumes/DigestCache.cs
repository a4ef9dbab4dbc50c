namespace SigmaComms.Cluster.Storage.Volumes;

/// <summary>
/// The digests of the blocks of fragments that were found right, so that the next part of one can be checked without
/// reading all of it again. What was used longest ago goes first.
/// </summary>
/// <remarks>Safe to call from any thread.</remarks>
internal sealed class DigestCache(int sizeBytesMax)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(int Volume, long Offset, long Sequence), LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _order = new();
    private long _sizeBytes;

    /// <summary>The digests of a fragment that one write put at a place; null if they are not here.</summary>
    public byte[]? Find(int volume, long offset, long sequence)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue((volume, offset, sequence), out LinkedListNode<Entry>? node))
            {
                return null;
            }

            _order.Remove(node);
            _order.AddFirst(node);
            return node.Value.Digests;
        }
    }

    /// <summary>Keeps digests.</summary>
    public void Add(int volume, long offset, long sequence, byte[] digests)
    {
        lock (_gate)
        {
            (int, long, long) key = (volume, offset, sequence);
            if (_entries.ContainsKey(key))
            {
                return;
            }

            _entries.Add(key, _order.AddFirst(new Entry(key, digests)));
            _sizeBytes += digests.Length;
            while (_sizeBytes > sizeBytesMax && _order.Last is { } oldest)
            {
                _order.RemoveLast();
                _entries.Remove(oldest.Value.Key);
                _sizeBytes -= oldest.Value.Digests.Length;
            }
        }
    }

    private sealed record Entry((int, long, long) Key, byte[] Digests);
}
