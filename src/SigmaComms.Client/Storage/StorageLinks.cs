using System.Collections.Concurrent;
using SigmaComms.Client.Links;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Links;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Client.Storage;

/// <summary>
/// The storage nodes of the cluster and the ways to them: one link each, opened when first needed. Which nodes there
/// are is asked again once a minute, and whenever somebody wants to know.
/// </summary>
/// <remarks>
/// Who gives the list answers for it: a vault's client has it proven by the members in the control log
/// (<see cref="StorageRoster"/>), a messaging client takes its node's word. Neither can bring in strangers: each node
/// proves by the operator's signature or by the control log that it belongs to the cluster. Safe to call from any
/// thread.
/// </remarks>
public sealed class StorageLinks : IAsyncDisposable
{
    private static readonly TimeSpan RefreshPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RefreshLimit = TimeSpan.FromSeconds(10);

    private readonly NodeConnector _connector;
    private readonly Func<TimeSpan, CancellationToken, Task<StorageNodes>> _ask;
    private readonly TimeProvider _time;
    private readonly IRandomSource _random;
    private readonly ConcurrentDictionary<NodeId, (StorageLink Way, LinkFragmentStore Store)> _ways = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private IReadOnlyList<StorageNodeStatus> _nodes = [];
    private StorageNetwork? _network;
    private Task _refreshing = Task.CompletedTask;
    private int _isClosed;

    internal StorageLinks(
        NodeConnector connector,
        Func<TimeSpan, CancellationToken, Task<StorageNodes>> ask,
        TimeProvider time,
        IRandomSource random)
    {
        _connector = connector;
        _ask = ask;
        _time = time;
        _random = random;
    }

    internal StorageLinks(NodeConnector connector, LinkBoard board, TimeProvider time, IRandomSource random)
        : this(connector, (timeout, ct) => AskAsync(board, timeout, ct), time, random)
    {
    }

    /// <summary>The storage nodes, as they were told last.</summary>
    public IReadOnlyList<StorageNodeView> Nodes
    {
        get
        {
            IReadOnlyList<StorageNodeStatus> nodes = Volatile.Read(ref _nodes);
            return
            [
                .. nodes.Select(node => _ways.TryGetValue(node.Id, out (StorageLink Way, LinkFragmentStore Store) known)
                    ? new StorageNodeView(node, known.Way.IsOpen, known.Way.LastFailure)
                    : new StorageNodeView(node, false, "")),
            ];
        }
    }

    /// <summary>The storage nodes for reading and writing; asks which there are if that is not known.</summary>
    /// <param name="timeout">How long to wait for a link to any node, and again for its answer.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="ClientException">No node answered, or there is no storage node.</exception>
    public async Task<StorageNetwork> OpenAsync(TimeSpan timeout, CancellationToken ct) =>
        Volatile.Read(ref _network) ?? await RefreshAsync(timeout, ct);

    /// <summary>Asks which storage nodes there are now.</summary>
    /// <param name="timeout">How long to wait for a link to any node, and again for its answer.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The same for the whole life of this object; it has learned the nodes.</returns>
    /// <exception cref="ClientException">No node answered, or there is no storage node.</exception>
    public async Task<StorageNetwork> RefreshAsync(TimeSpan timeout, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isClosed) != 0, this);
        StorageNodes told = await _ask(timeout, ct);
        StorageNodeStatus[] usable = [.. told.Nodes.DistinctBy(node => node.Id).Where(IsReachable)];
        if (usable.Length == 0)
        {
            throw new ClientException(
                ClientFailure.Unavailable,
                "No node of the cluster keeps vaults. Start nodes with the storage role, and have them admitted.");
        }

        return Learn(usable);
    }

    /// <summary>Asks every storage node for its own figures, all at the same time.</summary>
    /// <param name="vault">The vault they are asked about.</param>
    /// <param name="limit">How long each of a node's two answers may take.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>One for each node; those that gave no answer say why.</returns>
    public async Task<IReadOnlyList<StorageNodeView>> SurveyAsync(Digest vault, TimeSpan limit, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isClosed) != 0, this);
        return await Task.WhenAll(Volatile.Read(ref _nodes).Select(
            node => StorageSurvey.AskAsync(node, _ways[node.Id].Way, vault, limit, ct)));
    }

    /// <summary>Ends all links. May be called twice.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            await _stop.CancelAsync();
        }

        Task refreshing;
        lock (_gate)
        {
            refreshing = _refreshing;
        }

        await refreshing;
        foreach ((StorageLink way, _) in _ways.Values)
        {
            await way.DisposeAsync();
        }
    }

    private static Task<StorageNodes> AskAsync(LinkBoard board, TimeSpan timeout, CancellationToken ct) =>
        board.AskAsync<StorageNodes>(
            new GetStorageNodes(),
            timeout,
            new ClientException(
                ClientFailure.Refused,
                "The node has no part in a control log, so it cannot tell which nodes keep vaults. Use another one."),
            ct);

    private static bool IsReachable(StorageNodeStatus node) => NodeEndpoint.TryParse(node.Endpoint, out _);

    private StorageNetwork Learn(StorageNodeStatus[] nodes)
    {
        var placement = new Placement(nodes.Select(
            node => new StorageNode(node.Id, node.Zone, (int)node.Weight)));
        lock (_gate)
        {
            foreach (StorageNodeStatus node in nodes)
            {
                _ways.GetOrAdd(node.Id, MakeWay, node.Endpoint).Way.Endpoint = node.Endpoint;
            }

            Volatile.Write(ref _nodes, nodes);
            if (_network is not { } network)
            {
                network = new StorageNetwork(placement, StoreOf, _time);
                Volatile.Write(ref _network, network);
                _refreshing = KeepFreshAsync();
            }

            network.Placement = placement;
            return network;
        }
    }

    private (StorageLink Way, LinkFragmentStore Store) MakeWay(NodeId node, string endpoint)
    {
        var way = new StorageLink(node, endpoint, _connector, _time, _random);
        return (way, new LinkFragmentStore(way, _time));
    }

    private LinkFragmentStore? StoreOf(NodeId node) =>
        _ways.TryGetValue(node, out (StorageLink Way, LinkFragmentStore Store) known) ? known.Store : null;

    private async Task KeepFreshAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(RefreshPeriod, _time, _stop.Token);
                await RefreshAsync(RefreshLimit, _stop.Token);
            }
            catch (Exception missed) when (missed is ClientException or OperationCanceledException
                or ObjectDisposedException)
            {
                // The nodes that are known stay in use, and the next round asks again.
            }
        }
    }
}
