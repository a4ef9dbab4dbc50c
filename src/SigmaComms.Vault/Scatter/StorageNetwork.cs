using System.Collections.Concurrent;
using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Scatter;

/// <summary>The storage nodes as a client sees them: where fragments belong, the ways to them, how they do.</summary>
/// <remarks>Safe to call from any thread.</remarks>
public sealed class StorageNetwork
{
    private readonly ConcurrentDictionary<NodeId, NodeCondition> _conditions = new();
    private readonly NodeCondition _reads;
    private readonly Func<NodeId, IFragmentStore?> _storeOf;
    private readonly TimeProvider _time;
    private volatile Placement _placement;

    /// <summary>Starts with the storage nodes of an epoch.</summary>
    /// <param name="placement">Where fragments belong.</param>
    /// <param name="storeOf">The way to a node; null if there is none now.</param>
    /// <param name="time">The clock.</param>
    public StorageNetwork(Placement placement, Func<NodeId, IFragmentStore?> storeOf, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(placement);
        ArgumentNullException.ThrowIfNull(storeOf);
        ArgumentNullException.ThrowIfNull(time);
        _placement = placement;
        _storeOf = storeOf;
        _time = time;
        _reads = new NodeCondition(time);
    }

    /// <summary>Where fragments belong; replaced when an epoch begins.</summary>
    public Placement Placement
    {
        get => _placement;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _placement = value;
        }
    }

    /// <summary>The clock.</summary>
    public TimeProvider Time => _time;

    /// <summary>The 95th percentile of the last reads of any node; zero if there were none.</summary>
    internal TimeSpan SlowRead => _reads.Quantile(95);

    /// <summary>The median of a node's last reads; zero if there were none.</summary>
    internal TimeSpan MedianRead(NodeId node) => ConditionOf(node).Median;

    /// <summary>Asks a node to keep a fragment.</summary>
    /// <param name="node">The node.</param>
    /// <param name="label">What it is.</param>
    /// <param name="fragment">Its bytes.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Gives up; the fragment may be kept nevertheless.</param>
    public Task<StoreStatus> PutAsync(
        NodeId node,
        FragmentLabel label,
        ReadOnlyMemory<byte> fragment,
        TimeSpan limit,
        CancellationToken cancellationToken) =>
        AskAsync(node, limit, isRead: false, (store, stop) => store.PutAsync(label, fragment, stop), cancellationToken);

    /// <summary>Asks a node for a whole fragment.</summary>
    /// <param name="node">The node.</param>
    /// <param name="id">The fragment.</param>
    /// <param name="destination">Receives its bytes, which are not checked here.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<StoreStatus> GetAsync(
        NodeId node,
        FragmentId id,
        Memory<byte> destination,
        TimeSpan limit,
        CancellationToken cancellationToken) =>
        AskAsync(
            node, limit, isRead: true, (store, stop) => store.GetAsync(id, 0, destination, stop), cancellationToken);

    /// <summary>Asks a node what it knows of a fragment.</summary>
    /// <param name="node">The node.</param>
    /// <param name="id">The fragment.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The label if it is done, else null.</returns>
    public async Task<(StoreStatus Status, FragmentLabel? Label)> DescribeAsync(
        NodeId node, FragmentId id, TimeSpan limit, CancellationToken cancellationToken)
    {
        FragmentLabel? label = null;
        StoreStatus status = await AskAsync(
            node,
            limit,
            isRead: false,
            async (store, stop) =>
            {
                (StoreStatus answer, label) = await store.DescribeAsync(id, stop);
                return answer;
            },
            cancellationToken);
        return (status, status == StoreStatus.Done ? label : null);
    }

    /// <summary>Asks a node to drop a fragment.</summary>
    /// <param name="node">The node.</param>
    /// <param name="id">The fragment.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<StoreStatus> DeleteAsync(
        NodeId node, FragmentId id, TimeSpan limit, CancellationToken cancellationToken) =>
        AskAsync(node, limit, isRead: false, (store, stop) => store.DeleteAsync(id, stop), cancellationToken);

    private NodeCondition ConditionOf(NodeId node) =>
        _conditions.GetOrAdd(node, static (_, time) => new NodeCondition(time), _time);

    private async Task<StoreStatus> AskAsync(
        NodeId node,
        TimeSpan limit,
        bool isRead,
        Func<IFragmentStore, CancellationToken, ValueTask<StoreStatus>> ask,
        CancellationToken cancellationToken)
    {
        NodeCondition condition = ConditionOf(node);
        IFragmentStore? store = _storeOf(node);
        if (store is null || !condition.TryEnter())
        {
            return StoreStatus.Unreachable;
        }

        using CancellationTokenSource tooLate = new(limit, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, tooLate.Token);
        long start = _time.GetTimestamp();
        bool reported = false;
        try
        {
            StoreStatus status = await ask(store, stop.Token);
            TimeSpan taken = _time.GetElapsedTime(start);
            bool isAnswer = status != StoreStatus.Unreachable;
            condition.Report(isAnswer, isRead && isAnswer ? taken : null);
            _reads.Report(answered: true, isRead && isAnswer ? taken : null);
            reported = true;
            return status;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            condition.Report(answered: false, null);
            reported = true;
            return StoreStatus.Unreachable;
        }
        finally
        {
            if (!reported)
            {
                condition.Withdraw(isRead ? _time.GetElapsedTime(start) : null);
            }
        }
    }
}
