using SigmaComms.Client.Links;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Client.Vaults.Ordering;

/// <summary>
/// Links to nodes, opened when they are first needed and kept. An endpoint that could not be reached is left alone for
/// a while as long as there are others. Safe to call from any thread.
/// </summary>
internal sealed class LinkedNodes(NodeConnector connector, ReconnectPlan plan, TimeProvider time)
    : ILogNodes, IAsyncDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StatusTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LeftAlone = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, NodeSlot> _slots = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _failedAt = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closing = new();
    private readonly HashSet<NodeId> _distrusted = [];
    private string? _preferred;
    private bool _hasLearned;

    /// <summary>Why the last attempt to reach a node failed, for people; empty if none did.</summary>
    public string LastFailure { get; private set; } = "";

    /// <inheritdoc/>
    public async Task<AskedNode?> AskAsync(
        LinkMessage request, Func<NodeId, bool> mayAsk, TimeSpan patience, CancellationToken ct)
    {
        List<(string Endpoint, NodeConnection Node)> last = [];
        foreach (string endpoint in Order())
        {
            if (await LinkAsync(endpoint, ct) is not { } node || !mayAsk(node.Admission.Node))
            {
                continue;
            }

            if (!IsDistrusted(node.Admission.Node))
            {
                return await AskAsync(endpoint, node, request, patience, ct);
            }

            last.Add((endpoint, node));
        }

        return last is [(string only, NodeConnection left), ..]
            ? await AskAsync(only, left, request, patience, ct)
            : null;
    }

    /// <inheritdoc/>
    public void Distrust(NodeId node)
    {
        lock (_gate)
        {
            _distrusted.Add(node);
        }
    }

    /// <summary>Asks which nodes keep fragments, one node after the other.</summary>
    /// <param name="timeout">How long an answer may take.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="ClientException">No node says.</exception>
    public async Task<StorageNodes> StorageNodesAsync(TimeSpan timeout, CancellationToken ct)
    {
        HashSet<NodeId> asked = [];
        string why = "no node answers";
        while (await AskAsync(new GetStorageNodes(), id => !asked.Contains(id), timeout, ct) is { } node)
        {
            switch (node.Answer)
            {
                case StorageNodes told:
                    return told;
                case Refused refused:
                    why = refused.Detail;
                    break;
            }

            asked.Add(node.Node);
        }

        throw new ClientException(
            ClientFailure.Unavailable,
            $"No node tells which nodes keep vaults: {(LastFailure.Length > 0 ? LastFailure : why)}. "
            + "Are enough nodes running?");
    }

    /// <summary>Closes all links. May be called twice.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        NodeSlot[] slots;
        lock (_gate)
        {
            slots = [.. _slots.Values];
            _slots.Clear();
        }

        foreach (NodeSlot slot in slots)
        {
            await slot.DisposeAsync();
        }
    }

    private bool IsDistrusted(NodeId node)
    {
        lock (_gate)
        {
            return _distrusted.Contains(node);
        }
    }

    private async Task<AskedNode> AskAsync(
        string endpoint, NodeConnection node, LinkMessage request, TimeSpan patience, CancellationToken ct)
    {
        try
        {
            LinkMessage answer = await node.Link.RequestAsync(request, patience, ct);
            _preferred = endpoint;
            return new AskedNode(node.Admission.Node, answer);
        }
        catch (LinkException failed)
        {
            LastFailure = $"{endpoint}: {failed.Message}";
            await DropAsync(endpoint, node);
            return new AskedNode(node.Admission.Node, null);
        }
    }

    /// <summary>The endpoints to try, the one that answered last first; those that failed just now last.</summary>
    private string[] Order()
    {
        string? preferred = _preferred;
        lock (_gate)
        {
            return [.. plan.Endpoints
                .OrderBy(other => _failedAt.TryGetValue(other, out long at) && time.GetElapsedTime(at) < LeftAlone)
                .ThenBy(endpoint => endpoint != preferred)];
        }
    }

    private Task<NodeConnection?> LinkAsync(string endpoint, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
        NodeSlot? slot;
        lock (_gate)
        {
            if (!_slots.TryGetValue(endpoint, out slot))
            {
                _slots.Add(endpoint, slot = new NodeSlot(() => OpenAsync(endpoint)));
            }
        }

        return slot.TakeAsync(ct);
    }

    private async Task<NodeConnection?> OpenAsync(string endpoint)
    {
        using var late = new CancellationTokenSource(ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _closing.Token);
        try
        {
            NodeConnection node = await connector.ConnectAsync(
                endpoint, Lane.Bulk, static _ => ValueTask.CompletedTask, either.Token);
            lock (_gate)
            {
                _failedAt.Remove(endpoint);
            }

            await LearnAsync(node);
            return node;
        }
        catch (Exception failed) when (failed is LinkException or OperationCanceledException)
        {
            LastFailure = $"{endpoint}: {failed.Message}";
            lock (_gate)
            {
                _failedAt[endpoint] = time.GetTimestamp();
            }

            return null;
        }
    }

    /// <summary>Hears once of nodes that the cluster's file does not name.</summary>
    private async Task LearnAsync(NodeConnection node)
    {
        if (_hasLearned)
        {
            return;
        }

        try
        {
            if (await node.Link.RequestAsync(new GetClusterStatus(), StatusTimeout, _closing.Token)
                is ClusterStatus status)
            {
                lock (_gate)
                {
                    plan.Learn(status.Members.Select(static member => member.Endpoint));
                    _hasLearned = true;
                }
            }
        }
        catch (LinkException)
        {
            // The next node is asked instead.
        }
    }

    private async Task DropAsync(string endpoint, NodeConnection node)
    {
        lock (_gate)
        {
            _failedAt[endpoint] = time.GetTimestamp();
        }

        // Whoever asks next finds the link at its end and opens another.
        node.Link.Abort("the node did not answer");
        await node.Link.DisposeAsync();
    }
}
