using SigmaComms.Cryptography;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Repair;

/// <summary>
/// The fragments of this node, which can be gone through one by one. A damaged or lost one is replaced by a put.
/// </summary>
internal interface IFragmentShelf : IFragmentStore
{
    /// <summary>Lists fragments ascending by id, damaged and lost ones included.</summary>
    /// <param name="after">Only those after this id; null: from the first.</param>
    /// <param name="countMax">1 to 1,024.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Empty at the end, or if it is not done.</returns>
    ValueTask<(StoreStatus Status, IReadOnlyList<StoredFragment> Page)> ListAsync(
        FragmentId? after, int countMax, CancellationToken cancellationToken);

    /// <summary>
    /// Lists fragments of a vault, damaged and lost ones included, in an order of the store's own.
    /// </summary>
    /// <param name="vault">The vault's id.</param>
    /// <param name="after">Only those that come after this one, the last of the page before; null: all.</param>
    /// <param name="countMax">1 to 1,024.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Empty at the end, or if it is not done.</returns>
    ValueTask<(StoreStatus Status, IReadOnlyList<StoredFragment> Page)> ListVaultAsync(
        Digest vault, FragmentLabel? after, int countMax, CancellationToken cancellationToken);

    /// <summary>Reads all of a fragment and deals with what is wrong.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<StoreStatus> VerifyAsync(FragmentId id, CancellationToken cancellationToken);
}
