using System.Collections.Concurrent;

namespace SigmaComms.Vault.Transactions;

/// <summary>Snapshots in memory. Safe to call from any thread.</summary>
public sealed class MemorySnapshotStore : ISnapshotStore
{
    private readonly ConcurrentDictionary<int, byte[]> _snapshots = [];

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> StoreAsync(
        ReadOnlyMemory<byte> snapshot, CancellationToken cancellation)
    {
        int number = _snapshots.Count;
        while (!_snapshots.TryAdd(number, snapshot.ToArray()))
        {
            number++;
        }

        return ValueTask.FromResult<ReadOnlyMemory<byte>>(BitConverter.GetBytes(number));
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> FetchAsync(
        ReadOnlyMemory<byte> reference, long sizeBytes, CancellationToken cancellation) =>
        ValueTask.FromResult<ReadOnlyMemory<byte>>(
            reference.Length == sizeof(int)
            && _snapshots.TryGetValue(BitConverter.ToInt32(reference.Span), out byte[]? snapshot)
                ? snapshot
                : default);
}
