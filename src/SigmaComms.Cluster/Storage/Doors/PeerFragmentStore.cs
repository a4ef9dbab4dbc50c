using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Doors;

/// <summary>Another node's fragments, over the bulk link that there is with it.</summary>
/// <param name="node">This node.</param>
/// <param name="peer">The other one.</param>
internal sealed class PeerFragmentStore(NodeContext node, NodeId peer) : IFragmentStore
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private FragmentExchange? _exchange;

    /// <summary>The other node.</summary>
    public NodeId Peer => peer;

    /// <inheritdoc/>
    public async ValueTask<StoreStatus> PutAsync(
        FragmentLabel label, ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(label);
        cancellationToken.ThrowIfCancellationRequested();
        if (fragment.Length != label.Length)
        {
            return StoreStatus.Refused;
        }

        WireWriter writer = new(LinkLimits.FragmentLabelBytes);
        label.Write(writer);
        return await AskAsync(exchange => exchange.PutAsync(writer.WrittenMemory, fragment, cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask<StoreStatus> GetAsync(
        FragmentId id, int offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        cancellationToken.ThrowIfCancellationRequested();
        return await AskAsync(exchange => exchange.GetAsync(id.Value, offset, destination, cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask<(StoreStatus Status, FragmentLabel? Label)> DescribeAsync(
        FragmentId id, CancellationToken cancellationToken)
    {
        FragmentLabel? label = null;
        StoreStatus status = await AskAsync(async exchange =>
        {
            LinkMessage answer = await exchange.DescribeAsync(id.Value, cancellationToken);
            if (answer is FragmentDescription description
                && (!FragmentLabel.TryDecode(description.Label.Span, out label) || label.Id != id))
            {
                throw new LinkException(LinkFailure.Unexpected, "a fragment was described with another label");
            }

            return answer as Refused;
        });
        return status == StoreStatus.Done ? (status, label) : (status, null);
    }

    /// <inheritdoc/>
    public ValueTask<StoreStatus> DeleteAsync(FragmentId id, CancellationToken cancellationToken) =>
        AskAsync(exchange => exchange.DeleteAsync(id.Value, cancellationToken));

    private async ValueTask<StoreStatus> AskAsync(Func<FragmentExchange, ValueTask<Refused?>> askAsync)
    {
        if (node.Links.Find(peer)?.Bulk is not { } bulk)
        {
            return StoreStatus.Unreachable;
        }

        FragmentExchange? exchange = Volatile.Read(ref _exchange);
        if (exchange?.Link != bulk)
        {
            exchange = new FragmentExchange(bulk, FragmentWindow.Shared, Patience);
            Volatile.Write(ref _exchange, exchange);
        }

        try
        {
            return StoreAnswers.StatusOf(await askAsync(exchange));
        }
        catch (LinkException)
        {
            return StoreStatus.Unreachable;
        }
    }
}
