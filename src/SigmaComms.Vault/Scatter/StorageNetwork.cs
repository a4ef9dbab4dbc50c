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
    internal TimeProvider Time => _time;

    /// <summary>The 95th percentile of the last reads of any node; zero if there were none.</summary>
    internal TimeSpan SlowRead => _reads.Quantile(95);

    /// <summary>The median of a node's last reads; zero if there were none.</summary>
    internal TimeSpan MedianRead(NodeId node) => ConditionOf(node).Median;

    /// <summary>Asks a node to keep a fragment.</summary>
    internal Task<StoreStatus> PutAsync(
        NodeId node,
        FragmentLabel label,
        ReadOnlyMemory<byte> fragment,
        TimeSpan limit,
        CancellationToken cancellationToken) =>
        AskAsync(node, limit, isRead: false, (store, stop) => store.PutAsync(label, fragment, stop), cancellationToken);

    /// <summary>Asks a node for a whole fragment.</summary>
    internal Task<StoreStatus> GetAsync(
        NodeId node,
        FragmentId id,
        Memory<byte> destination,
        TimeSpan limit,
        CancellationToken cancellationToken) =>
        AskAsync(
            node, limit, isRead: true, (store, stop) => store.GetAsync(id, 0, destination, stop), cancellationToken);

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
