using SigmaComms.Persistence.Stripes;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Collection;

/// <summary>
/// What other storage nodes put: they rebuild and move only what the log has added, perhaps in entries that this node
/// never saw. So it counts as added, unless this node knows that it was dropped. Of attachments no log says anything.
/// </summary>
internal sealed class VouchingStore(IFragmentStore inner, IStripeBook book, TimeProvider time) : IFragmentStore
{
    /// <inheritdoc/>
    public async ValueTask<StoreStatus> PutAsync(
        FragmentLabel label, ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(label);
        if (AttachmentVault.TryGetDay(label.Vault, out _))
        {
            return await inner.PutAsync(label, fragment, cancellationToken);
        }

        UInt128 stripe = StripeFollower.NumberOf(label.Stripe);
        StripeStanding standing = book.FindStripe(label.Vault, stripe);
        if (standing == StripeStanding.Dropped)
        {
            return StoreStatus.Refused;
        }

        if (standing == StripeStanding.Unknown)
        {
            book.Note(label.Vault, book.FindVault(label.Vault), [stripe], [], time.GetUtcNow().UtcTicks);
        }

        return await inner.PutAsync(label, fragment, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<StoreStatus> GetAsync(
        FragmentId id, int offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        inner.GetAsync(id, offset, destination, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<(StoreStatus Status, FragmentLabel? Label)> DescribeAsync(
        FragmentId id, CancellationToken cancellationToken) => inner.DescribeAsync(id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoreStatus> DeleteAsync(FragmentId id, CancellationToken cancellationToken) =>
        inner.DeleteAsync(id, cancellationToken);
}
