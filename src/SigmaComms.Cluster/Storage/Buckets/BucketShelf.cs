using System.Buffers;
using System.Collections.Concurrent;
using SigmaComms.Cluster.Storage.Repair;
using SigmaComms.Cryptography;
using SigmaComms.Persistence.Fragments;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Buckets;

/// <summary>
/// The fragments in a bucket as repair, scrub and collection go through them: what the bucket lists, with the labels of
/// the objects' heads.
/// </summary>
/// <remarks>
/// What was found damaged is remembered until it is written again or the process ends; then the next scrub finds it
/// anew. An object whose head is damaged cannot be told to be a fragment of anything: it is left out, and the holders
/// of its siblings write it again. Safe to call from any thread.
/// </remarks>
#pragma warning disable CA1001 // The semaphore has no handle to give back; the shelf lives as long as its node.
internal sealed class BucketShelf(BucketFragmentStore store, TimeProvider time) : IFragmentShelf
#pragma warning restore CA1001
{
    private const int LabelsMax = 65_536;
    private const int HeadsAtOnce = 16;
    private const int PageMax = 1_000;

    private readonly LabelCache _labels = new(LabelsMax);
    private readonly ConcurrentDictionary<FragmentId, bool> _damaged = new();
    private readonly SemaphoreSlim _vaultTurn = new(1, 1);

    /// <summary>Told of a fragment that was found damaged, once.</summary>
    public Action<FragmentDamaged> Damaged { get; set; } = static _ => { };

    /// <inheritdoc/>
    public async ValueTask<StoreStatus> PutAsync(
        FragmentLabel label, ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken)
    {
        StoreStatus status = await store.PutAsync(label, fragment, cancellationToken);
        if (status == StoreStatus.Done)
        {
            _labels.Add(label);
            _damaged.TryRemove(label.Id, out _);
        }

        return status;
    }

    /// <inheritdoc/>
    public async ValueTask<StoreStatus> GetAsync(
        FragmentId id, int offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        StoreStatus status = await store.GetAsync(id, offset, destination, cancellationToken);
        if (status == StoreStatus.Corrupt)
        {
            NoteDamaged(id);
        }

        return status;
    }

    /// <inheritdoc/>
    public async ValueTask<(StoreStatus Status, FragmentLabel? Label)> DescribeAsync(
        FragmentId id, CancellationToken cancellationToken)
    {
        if (_damaged.ContainsKey(id))
        {
            return (StoreStatus.Corrupt, null);
        }

        (StoreStatus status, FragmentLabel? label) = await store.DescribeAsync(id, cancellationToken);
        if (label is not null)
        {
            _labels.Add(label);
        }

        return (status, label);
    }

    /// <inheritdoc/>
    public async ValueTask<StoreStatus> DeleteAsync(FragmentId id, CancellationToken cancellationToken)
    {
        StoreStatus status = await store.DeleteAsync(id, cancellationToken);
        if (status is StoreStatus.Done or StoreStatus.NotFound)
        {
            _labels.Remove(id);
            _damaged.TryRemove(id, out _);
        }

        return status;
    }

    /// <inheritdoc/>
    public ValueTask<(StoreStatus Status, IReadOnlyList<StoredFragment> Page)> ListAsync(
        FragmentId? after, int countMax, CancellationToken cancellationToken) =>
        ListAsync(static _ => true, after, countMax, countMax, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<(StoreStatus Status, IReadOnlyList<StoredFragment> Page)> ListVaultAsync(
        Digest vault, FragmentLabel? after, int countMax, CancellationToken cancellationToken)
    {
        // The bucket knows no vaults, so that all of it is gone through: one at a time is enough.
        await _vaultTurn.WaitAsync(cancellationToken);
        try
        {
            return await ListAsync(
                label => label.Vault == vault, after?.Id, countMax, PageMax, cancellationToken);
        }
        finally
        {
            _vaultTurn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<StoreStatus> VerifyAsync(FragmentId id, CancellationToken cancellationToken)
    {
        if (!_labels.TryGet(id, out FragmentLabel? label))
        {
            (StoreStatus status, label) = await DescribeAsync(id, cancellationToken);
            if (label is null)
            {
                return status;
            }
        }

        byte[] room = ArrayPool<byte>.Shared.Rent(label.Length);
        try
        {
            return await GetAsync(id, 0, room.AsMemory(0, label.Length), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    private async ValueTask<(StoreStatus Status, IReadOnlyList<StoredFragment> Page)> ListAsync(
        Func<FragmentLabel, bool> isMeant,
        FragmentId? after,
        int countMax,
        int listedMax,
        CancellationToken cancellationToken)
    {
        List<StoredFragment> found = [];
        bool hasMore = true;
        while (hasMore && found.Count == 0)
        {
            BucketPage page = await store.ListAsync(after, Math.Min(listedMax, PageMax), cancellationToken);
            if (page.Status != StoreStatus.Done)
            {
                return (page.Status, []);
            }

            foreach (ListedObject[] some in page.Objects.Chunk(HeadsAtOnce))
            {
                (StoreStatus Status, StoredFragment? Own)[] heads = await Task.WhenAll(
                    some.Select(listed => LookAsync(listed, cancellationToken)));
                StoreStatus failure = heads.Select(head => head.Status)
                    .FirstOrDefault(status => status != StoreStatus.Done);
                if (failure != StoreStatus.Done)
                {
                    return (failure, []);
                }

                found.AddRange(heads.Select(head => head.Own).OfType<StoredFragment>()
                    .Where(own => isMeant(own.Label)));
                if (found.Count >= countMax)
                {
                    return (StoreStatus.Done, found[..countMax]);
                }
            }

            after = page.Objects.Count > 0 ? page.Objects[^1].Id : after;
            hasMore = page.HasMore;
        }

        return (StoreStatus.Done, found);
    }

    /// <returns>Done without a fragment if it is gone by now, or if nobody can say what it is.</returns>
    private async Task<(StoreStatus Status, StoredFragment? Own)> LookAsync(
        ListedObject listed, CancellationToken cancellationToken)
    {
        if (!_labels.TryGet(listed.Id, out FragmentLabel? label))
        {
            (StoreStatus status, label) = await store.DescribeAsync(listed.Id, cancellationToken);
            if (label is null)
            {
                bool isPassedOver = status is StoreStatus.NotFound or StoreStatus.Corrupt;
                return (isPassedOver ? StoreStatus.Done : status, null);
            }

            _labels.Add(label);
        }

        FragmentState state =
            _damaged.ContainsKey(listed.Id) ? FragmentState.Quarantined : FragmentState.Live;

        // What the service says of the time decides only when a stripe that nobody added is cleared away.
        return (StoreStatus.Done, new StoredFragment(label, state, listed.WrittenAt ?? time.GetUtcNow()));
    }

    private void NoteDamaged(FragmentId id)
    {
        if (_damaged.TryAdd(id, true) && _labels.TryGet(id, out FragmentLabel? label))
        {
            Damaged(new FragmentDamaged(label, DamageKind.Content));
        }
    }
}
