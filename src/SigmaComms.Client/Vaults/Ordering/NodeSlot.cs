using SigmaComms.Client.Links;

namespace SigmaComms.Client.Vaults.Ordering;

/// <summary>The link to one endpoint: one is opened at a time, and kept until it ends.</summary>
/// <param name="open">Opens a link; null if that failed.</param>
internal sealed class NodeSlot(Func<Task<NodeConnection?>> open) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private NodeConnection? _node;
    private bool _isClosed;

    /// <summary>The link, opened if need be; null if that failed.</summary>
    public async Task<NodeConnection?> TakeAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            if (_node is not { Link.IsEnding: false })
            {
                _node = _isClosed ? null : await open();
            }

            return _node;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Closes the link; it is not opened again. May be called twice.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        _isClosed = true;
        NodeConnection? node = _node;
        _node = null;
        _turn.Release();
        if (node is not null)
        {
            node.Link.Abort("the vaults are closed");
            await node.Link.DisposeAsync();
        }
    }
}
