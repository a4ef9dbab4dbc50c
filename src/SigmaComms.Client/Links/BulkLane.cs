using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Client.Links;

/// <summary>
/// A second link for attachments, so that they do not delay messages. It is opened when first needed, to the node the
/// messages go through, and again after each loss.
/// </summary>
internal sealed class BulkLane(
    NodeConnector connector, LinkBoard board, ReconnectPlan plan, TimeProvider time) : IAsyncDisposable
{
    /// <summary>How long one chunk may take.</summary>
    public static readonly TimeSpan ChunkTimeout = TimeSpan.FromSeconds(15);

    /// <summary>How long all attempts together may make no progress.</summary>
    public static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly HashSet<string> _avoided = new(StringComparer.Ordinal);
    private NodeConnection? _connection;

    /// <summary>Asks again and again, over new links if need be, until there is an answer that is final.</summary>
    /// <param name="request">An idempotent request.</param>
    /// <param name="patience">How often NotFound is asked again before it counts.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The answer; a refusal only if it is final.</returns>
    /// <exception cref="ClientException">No answer within <see cref="StallTimeout"/>.</exception>
    public async Task<LinkMessage> RequestAsync(LinkMessage request, int patience, CancellationToken ct)
    {
        long start = time.GetTimestamp();
        string failure = "";
        TimeSpan delay = RetryDelay;
        while (time.GetElapsedTime(start) < StallTimeout)
        {
            NodeConnection? used = null;
            try
            {
                used = await OpenAsync(ct);
                LinkMessage answer = await used.Link.RequestAsync(request, ChunkTimeout, ct);
                if (answer is not Refused refused)
                {
                    return answer;
                }

                bool missing = refused.Reason == RefusalReason.NotFound;
                if (!LinkBoard.IsTransient(refused.Reason) && !(missing && patience-- > 0))
                {
                    return answer;
                }

                failure = $"{refused.Reason}: {refused.Detail}";
                delay = refused.RetryAfter > RetryDelay ? refused.RetryAfter : RetryDelay;
            }
            catch (LinkException failed)
            {
                failure = failed.Message;
                delay = RetryDelay;
                await DropAsync(used);
            }

            await Task.Delay(delay, time, ct);
        }

        throw new ClientException(
            ClientFailure.Unavailable,
            $"The cluster did not take or give a chunk within {StallTimeout.TotalSeconds:F0} s ({failure}). "
            + "Try again.");
    }

    /// <summary>
    /// What came over the present link cannot be right: the next link goes to another node, if there is one.
    /// </summary>
    /// <param name="ct">Gives up.</param>
    public async Task MoveAsync(CancellationToken ct)
    {
        await _opening.WaitAsync(ct);
        try
        {
            if (_connection is { } left)
            {
                _avoided.Add(left.Endpoint);
                await DropAsync(left);
            }
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await DropAsync(Volatile.Read(ref _connection));
        _opening.Dispose();
    }

    private async Task<NodeConnection> OpenAsync(CancellationToken ct)
    {
        await _opening.WaitAsync(ct);
        try
        {
            if (_connection is { } open && !open.Link.IsEnding)
            {
                return open;
            }

            NodeConnection beside = await board.WaitAsync(StallTimeout, ct);
            string endpoint = Choose(beside.Endpoint);
            try
            {
                _connection = await connector.ConnectAsync(endpoint, Lane.Bulk, _ => ValueTask.CompletedTask, ct);
                return _connection;
            }
            catch (LinkException) when (endpoint != beside.Endpoint)
            {
                _avoided.Add(endpoint);
                throw;
            }
        }
        finally
        {
            _opening.Release();
        }
    }

    private string Choose(string present)
    {
        string? chosen = plan.Endpoints.Prepend(present).FirstOrDefault(endpoint => !_avoided.Contains(endpoint));
        if (chosen is null)
        {
            _avoided.Clear();
        }

        return chosen ?? present;
    }

    private async Task DropAsync(NodeConnection? dropped)
    {
        // Many requests fail with one link; only the first of them closes it, and none closes the next link.
        if (dropped is not null && Interlocked.CompareExchange(ref _connection, null, dropped) == dropped)
        {
            dropped.Link.Abort("the bulk lane is closed");
            await dropped.Link.DisposeAsync();
        }
    }
}
