namespace SigmaComms.Vault.Transactions;

/// <summary>Keeps snapshots: sealed into stripes on the nodes, or in memory.</summary>
public interface ISnapshotStore
{
    /// <summary>Stores a snapshot; it is secret.</summary>
    /// <param name="snapshot">Its bytes.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>What it takes to fetch it, at most 32 KiB; empty if it could not be stored.</returns>
    ValueTask<ReadOnlyMemory<byte>> StoreAsync(ReadOnlyMemory<byte> snapshot, CancellationToken cancellation);

    /// <summary>Fetches a snapshot.</summary>
    /// <param name="reference">What storing gave.</param>
    /// <param name="sizeBytes">Its size.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Its bytes, unchecked; empty if they cannot be had.</returns>
    ValueTask<ReadOnlyMemory<byte>> FetchAsync(
        ReadOnlyMemory<byte> reference, long sizeBytes, CancellationToken cancellation);
}
