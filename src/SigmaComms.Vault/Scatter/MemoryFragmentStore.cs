namespace SigmaComms.Vault.Scatter;

/// <summary>Keeps fragments in memory: for tests, and for a vault that need not outlive its process.</summary>
public sealed class MemoryFragmentStore : IFragmentStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<FragmentId, (FragmentLabel Label, byte[] Bytes)> _fragments = [];
    private readonly long _capacityBytes;
    private long _usedBytes;

    /// <summary>Starts empty.</summary>
    /// <param name="capacityBytes">How many bytes of fragments it takes; at least 0.</param>
    public MemoryFragmentStore(long capacityBytes = long.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacityBytes);
        _capacityBytes = capacityBytes;
    }

    /// <summary>How many fragments there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _fragments.Count;
            }
        }
    }

    /// <summary>The ids of all fragments, ascending.</summary>
    public IReadOnlyList<FragmentId> Ids
    {
        get
        {
            lock (_gate)
            {
                return [.. _fragments.Keys.Order()];
            }
        }
    }

    /// <summary>Changes one bit of a kept fragment, as a failing disk does: for tests.</summary>
    /// <param name="id">The fragment.</param>
    /// <param name="bit">Which bit, from 0.</param>
    /// <returns>False if there is no such fragment.</returns>
    public bool Damage(FragmentId id, long bit)
    {
        lock (_gate)
        {
            if (!_fragments.TryGetValue(id, out (FragmentLabel Label, byte[] Bytes) kept))
            {
                return false;
            }

            kept.Bytes[bit / 8] ^= (byte)(1 << (int)(bit % 8));
            return true;
        }
    }

    /// <inheritdoc/>
    public ValueTask<StoreStatus> PutAsync(
        FragmentLabel label, ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(label);
        cancellationToken.ThrowIfCancellationRequested();
        if (fragment.Length != label.Length || Sealing.FragmentTree.RootOf(fragment.Span) != label.Root)
        {
            return new(StoreStatus.Refused);
        }

        lock (_gate)
        {
            if (_fragments.ContainsKey(label.Id))
            {
                return new(StoreStatus.Done);
            }

            if (fragment.Length > _capacityBytes - _usedBytes)
            {
                return new(StoreStatus.Full);
            }

            _usedBytes += fragment.Length;
            _fragments.Add(label.Id, (label, fragment.ToArray()));
            return new(StoreStatus.Done);
        }
    }

    /// <inheritdoc/>
    public ValueTask<StoreStatus> GetAsync(
        FragmentId id, int offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (!_fragments.TryGetValue(id, out (FragmentLabel Label, byte[] Bytes) kept))
            {
                return new(StoreStatus.NotFound);
            }

            if (offset > kept.Bytes.Length || destination.Length > kept.Bytes.Length - offset)
            {
                return new(StoreStatus.Refused);
            }

            if (Sealing.FragmentTree.RootOf(kept.Bytes) != kept.Label.Root)
            {
                return new(StoreStatus.Corrupt);
            }

            kept.Bytes.AsSpan(offset, destination.Length).CopyTo(destination.Span);
            return new(StoreStatus.Done);
        }
    }

    /// <inheritdoc/>
    public ValueTask<(StoreStatus Status, FragmentLabel? Label)> DescribeAsync(
        FragmentId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return _fragments.TryGetValue(id, out (FragmentLabel Label, byte[] Bytes) kept)
                ? new((StoreStatus.Done, kept.Label))
                : new((StoreStatus.NotFound, null));
        }
    }

    /// <inheritdoc/>
    public ValueTask<StoreStatus> DeleteAsync(FragmentId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (!_fragments.Remove(id, out (FragmentLabel Label, byte[] Bytes) kept))
            {
                return new(StoreStatus.NotFound);
            }

            _usedBytes -= kept.Bytes.Length;
            return new(StoreStatus.Done);
        }
    }
}
