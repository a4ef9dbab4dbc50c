using SigmaComms.Cryptography;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Repair;

/// <summary>
/// The ways to the fragments of all nodes, this one's included. A node that takes too long is unreachable.
/// </summary>
internal sealed class FragmentPaths(
    NodeId self,
    IFragmentShelf shelf,
    Func<NodeId, IFragmentStore?> storeOf,
    TimeSpan answerLimit,
    TimeProvider time)
{
    /// <summary>This node.</summary>
    public NodeId Self => self;

    /// <summary>The fragments of this node.</summary>
    public IFragmentShelf Shelf => shelf;

    /// <summary>Asks a node what a fragment is.</summary>
    public Task<(StoreStatus Status, FragmentLabel? Label)> DescribeAsync(
        NodeId node, FragmentId id, CancellationToken ct) =>
        AskAsync<(StoreStatus, FragmentLabel?)>(
            node, (store, stop) => store.DescribeAsync(id, stop), (StoreStatus.Unreachable, null), ct);

    /// <summary>Asks a node for a whole fragment.</summary>
    public Task<StoreStatus> GetAsync(NodeId node, FragmentId id, Memory<byte> destination, CancellationToken ct) =>
        AskAsync(node, (store, stop) => store.GetAsync(id, 0, destination, stop), StoreStatus.Unreachable, ct);

    /// <summary>Asks a node to keep a fragment.</summary>
    public Task<StoreStatus> PutAsync(
        NodeId node, FragmentLabel label, ReadOnlyMemory<byte> fragment, CancellationToken ct) =>
        AskAsync(node, (store, stop) => store.PutAsync(label, fragment, stop), StoreStatus.Unreachable, ct);

    private async Task<T> AskAsync<T>(
        NodeId node, Func<IFragmentStore, CancellationToken, ValueTask<T>> ask, T unreachable, CancellationToken ct)
    {
        IFragmentStore? store = node == self ? shelf : storeOf(node);
        if (store is null)
        {
            return unreachable;
        }

        using CancellationTokenSource tooLate = new(answerLimit, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, tooLate.Token);
        try
        {
            return await ask(store, stop.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return unreachable;
        }
    }
}
