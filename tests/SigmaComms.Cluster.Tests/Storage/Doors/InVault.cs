using SigmaComms.Cryptography;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Tests.Storage.Doors;

/// <summary>A store that takes what it gets for fragments of one vault, and gives it out as it came.</summary>
internal sealed class InVault(IFragmentStore store, Digest vault) : IFragmentStore
{
    public ValueTask<StoreStatus> PutAsync(
        FragmentLabel label, ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken) =>
        store.PutAsync(Of(label, vault), fragment, cancellationToken);

    public ValueTask<StoreStatus> GetAsync(
        FragmentId id, int offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        store.GetAsync(id, offset, destination, cancellationToken);

    public async ValueTask<(StoreStatus Status, FragmentLabel? Label)> DescribeAsync(
        FragmentId id, CancellationToken cancellationToken)
    {
        (StoreStatus status, FragmentLabel? label) = await store.DescribeAsync(id, cancellationToken);
        return (status, label is null ? null : Of(label, default));
    }

    public ValueTask<StoreStatus> DeleteAsync(FragmentId id, CancellationToken cancellationToken) =>
        store.DeleteAsync(id, cancellationToken);

    public static FragmentLabel Of(FragmentLabel label, Digest vault) =>
        new(vault, label.Stripe, label.DataFragments, label.Index, label.Length, label.Siblings);
}
