using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Client.Links;

/// <summary>Asks one node or another, so that no single node has the only word.</summary>
internal sealed class NodeInquiry(NodeConnector connector, LinkBoard board, ReconnectPlan plan, TimeProvider time)
{
    private const int ElsewhereMax = 4;
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How many nodes could be asked.</summary>
    public int Known => plan.Endpoints.Count;

    /// <summary>Asks a node that is not to be avoided; the present one if there is no other.</summary>
    /// <param name="request">What to ask.</param>
    /// <param name="avoid">Nodes to leave out, if there are others.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Null if nobody answered.</returns>
    public async Task<NodeAnswer?> AskAsync(LinkMessage request, IReadOnlySet<NodeId> avoid, CancellationToken ct) =>
        await AskOtherAsync(request, avoid, ct)
        ?? (board.Current is { } current ? await TryAskAsync(current, request, ct) : null);

    /// <summary>Asks a node that is not to be avoided.</summary>
    /// <param name="request">What to ask.</param>
    /// <param name="avoid">Nodes to leave out.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Null if there is no other, or nobody answered.</returns>
    public async Task<NodeAnswer?> AskOtherAsync(
        LinkMessage request, IReadOnlySet<NodeId> avoid, CancellationToken ct)
    {
        NodeConnection? current = board.Current;
        if (current is not null && !avoid.Contains(current.Admission.Node))
        {
            return await TryAskAsync(current, request, ct);
        }

        return await ElsewhereAsync(
            current,
            async other => avoid.Contains(other.Admission.Node) ? null : await TryAskAsync(other, request, ct),
            ct);
    }

    /// <summary>Does something with other nodes, one after the other, until it has a result.</summary>
    /// <param name="present">The node that is left out; null for none.</param>
    /// <param name="use">What to do over a link to one of them; null to go on with the next one.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Null if none had a result.</returns>
    public async Task<T?> ElsewhereAsync<T>(
        NodeConnection? present, Func<NodeConnection, Task<T?>> use, CancellationToken ct)
        where T : class
    {
        foreach (string endpoint in plan.Endpoints.Where(other => other != present?.Endpoint).Take(ElsewhereMax))
        {
            if (await UseAsync(endpoint, use, ct) is { } result)
            {
                return result;
            }
        }

        return null;
    }

    private static async Task<NodeAnswer?> TryAskAsync(
        NodeConnection node, LinkMessage request, CancellationToken ct)
    {
        try
        {
            return new NodeAnswer(node.Admission.Node, await node.Link.RequestAsync(request, RequestTimeout, ct));
        }
        catch (LinkException)
        {
            return null;
        }
    }

    private async Task<T?> UseAsync<T>(string endpoint, Func<NodeConnection, Task<T?>> use, CancellationToken ct)
        where T : class
    {
        using var late = new CancellationTokenSource(ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ct);
        NodeConnection connection;
        try
        {
            connection = await connector.ConnectAsync(
                endpoint, Lane.Bulk, static _ => ValueTask.CompletedTask, either.Token);
        }
        catch (Exception failed) when (failed is LinkException || late.IsCancellationRequested)
        {
            return null;
        }

        try
        {
            return await use(connection);
        }
        finally
        {
            connection.Link.Abort("answered");
            await connection.Link.DisposeAsync();
        }
    }
}
