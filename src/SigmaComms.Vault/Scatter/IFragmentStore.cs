namespace SigmaComms.Vault.Scatter;

/// <summary>Where one node keeps fragments: volumes on disk, a bucket, memory, or the way to such a node.</summary>
/// <remarks>
/// What is expected to go wrong comes back as a status; exceptions are bugs, or cancellation. Safe to call from any
/// thread. Every implementation passes the conformance tests.
/// </remarks>
public interface IFragmentStore
{
    /// <summary>Keeps a fragment. Doing it again is <see cref="StoreStatus.Done"/> again.</summary>
    /// <param name="label">What it is.</param>
    /// <param name="fragment">Its bytes; not used after the answer.</param>
    /// <param name="cancellationToken">Gives up waiting; the fragment may be kept nevertheless.</param>
    ValueTask<StoreStatus> PutAsync(
        FragmentLabel label, ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken);

    /// <summary>Reads a part of a fragment, checked against the root.</summary>
    /// <param name="id">The fragment's id.</param>
    /// <param name="offset">The first byte, from 0.</param>
    /// <param name="destination">Filled whole, or of no meaning if it is not done.</param>
    /// <param name="cancellationToken">Gives up waiting; the destination may be written until then, not after.</param>
    ValueTask<StoreStatus> GetAsync(
        FragmentId id, int offset, Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>Tells what a fragment is.</summary>
    /// <param name="id">The fragment's id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The label if it is done, else null.</returns>
    ValueTask<(StoreStatus Status, FragmentLabel? Label)> DescribeAsync(
        FragmentId id, CancellationToken cancellationToken);

    /// <summary>Drops a fragment.</summary>
    /// <param name="id">The fragment's id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<StoreStatus> DeleteAsync(FragmentId id, CancellationToken cancellationToken);
}
