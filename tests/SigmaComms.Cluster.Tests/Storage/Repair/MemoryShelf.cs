using System.Collections.Concurrent;
using SigmaComms.Cluster.Storage;
using SigmaComms.Cluster.Storage.Repair;
using SigmaComms.Cryptography;
using SigmaComms.Persistence.Fragments;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Tests.Storage.Repair;

/// <summary>A node's fragments in memory.</summary>
internal sealed class MemoryShelf(TimeProvider time) : IFragmentShelf
{
    private readonly MemoryFragmentStore _inner = new();
    private readonly ConcurrentDictionary<FragmentId, DateTimeOffset> _storedAt = new();
    private readonly ConcurrentDictionary<FragmentId, byte> _quarantined = new();

    /// <summary>Takes no more.</summary>
    public bool IsFull { get; set; }

    public IReadOnlyList<FragmentId> Ids => _inner.Ids;

    public void Damage(FragmentId id)
    {
        Assert.True(_inner.Damage(id, bit: 77));
    }

    public bool IsQuarantined(FragmentId id) => _quarantined.ContainsKey(id);

    public async ValueTask<(StoreStatus Status, IReadOnlyList<StoredFragment> Page)> ListAsync(
        FragmentId? after, int countMax, CancellationToken cancellationToken)
    {
        List<StoredFragment> page = [];
        foreach (FragmentId id in _inner.Ids.Where(id => after is null || id > after).Take(countMax))
        {
            (_, FragmentLabel? label) = await _inner.DescribeAsync(id, cancellationToken);
            FragmentState state = IsQuarantined(id) ? FragmentState.Quarantined : FragmentState.Live;
            page.Add(new StoredFragment(label!, state, _storedAt[id]));
        }

        return (StoreStatus.Done, page);
    }

    public async ValueTask<(StoreStatus Status, IReadOnlyList<StoredFragment> Page)> ListVaultAsync(
        Digest vault, FragmentLabel? after, int countMax, CancellationToken cancellationToken)
    {
        (_, IReadOnlyList<StoredFragment> all) = await ListAsync(null, int.MaxValue, cancellationToken);
        IEnumerable<StoredFragment> left = all
            .Where(own => own.Label.Vault == vault)
            .OrderBy(own => (own.Label.Stripe, own.Label.Id))
            .Where(own => after is null
                || (own.Label.Stripe, own.Label.Id).CompareTo((after.Stripe, after.Id)) > 0);
        return (StoreStatus.Done, [.. left.Take(countMax)]);
    }

    public ValueTask<StoreStatus> VerifyAsync(FragmentId id, CancellationToken cancellationToken) =>
        GetAsync(id, 0, Memory<byte>.Empty, cancellationToken);

    public async ValueTask<StoreStatus> PutAsync(
        FragmentLabel label, ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken)
    {
        if (IsFull)
        {
            return StoreStatus.Full;
        }

        if (_quarantined.TryRemove(label.Id, out _))
        {
            await _inner.DeleteAsync(label.Id, cancellationToken);
        }

        StoreStatus status = await _inner.PutAsync(label, fragment, cancellationToken);
        if (status == StoreStatus.Done)
        {
            _storedAt.TryAdd(label.Id, time.GetUtcNow());
        }

        return status;
    }

    public async ValueTask<StoreStatus> GetAsync(
        FragmentId id, int offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        StoreStatus status = await _inner.GetAsync(id, offset, destination, cancellationToken);
        if (status == StoreStatus.Corrupt)
        {
            _quarantined.TryAdd(id, 0);
        }

        return status;
    }

    public ValueTask<(StoreStatus Status, FragmentLabel? Label)> DescribeAsync(
        FragmentId id, CancellationToken cancellationToken) => IsQuarantined(id)
        ? new((StoreStatus.Corrupt, null))
        : _inner.DescribeAsync(id, cancellationToken);

    public async ValueTask<StoreStatus> DeleteAsync(FragmentId id, CancellationToken cancellationToken)
    {
        _quarantined.TryRemove(id, out _);
        StoreStatus status = await _inner.DeleteAsync(id, cancellationToken);
        _storedAt.TryRemove(id, out _);
        return status;
    }
}
