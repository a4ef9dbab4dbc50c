using SigmaComms.Persistence.Fragments;

namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>
/// What waits for the next sync of a volume. While one runs the next gathers by itself; right after one that served
/// several, the next waits a moment for the rest of them, unless enough is there.
/// </summary>
internal sealed class CommitQueue(int sizeBytesMax)
{
    private readonly Queue<PendingPut> _puts = new();
    private readonly List<FragmentPlace> _erases = [];
    private readonly List<HealHeader> _heals = [];
    private long _putBytes;
    private int _lastPuts;

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _puts.Count == 0 && _erases.Count == 0 && _heals.Count == 0;

    /// <summary>Whether it pays to wait a moment for more.</summary>
    public bool WantsMore => _lastPuts > 1 && _puts.Count < _lastPuts && _putBytes < sizeBytesMax;

    public void Add(PendingPut put)
    {
        _puts.Enqueue(put);
        _putBytes += put.SizeBytes;
    }

    public void Add(FragmentPlace erase) => _erases.Add(erase);

    public void Add(HealHeader heal) => _heals.Add(heal);

    /// <summary>Takes as much as one sync is to make durable: at least one put, if any waits.</summary>
    public CommitBatch Take()
    {
        List<PendingPut> puts = [];
        long sizeBytes = 0;
        while (_puts.TryPeek(out PendingPut? next)
            && (puts.Count == 0 || sizeBytes + next.SizeBytes <= sizeBytesMax))
        {
            puts.Add(_puts.Dequeue());
            sizeBytes += next.SizeBytes;
        }

        _putBytes -= sizeBytes;
        _lastPuts = puts.Count;
        CommitBatch batch = new(puts, [.. _erases], [.. _heals]);
        _erases.Clear();
        _heals.Clear();
        return batch;
    }

    /// <summary>Takes all of it.</summary>
    public CommitBatch TakeAll()
    {
        CommitBatch batch = new([.. _puts], [.. _erases], [.. _heals]);
        _puts.Clear();
        _erases.Clear();
        _heals.Clear();
        _putBytes = 0;
        return batch;
    }
}
