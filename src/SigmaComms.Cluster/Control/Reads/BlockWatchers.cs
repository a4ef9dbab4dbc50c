using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace SigmaComms.Cluster.Control.Reads;

/// <summary>Who follows the final blocks from outside of actors. Safe to call from any thread.</summary>
internal sealed class BlockWatchers
{
    /// <summary>Blocks that may wait for one reader: 4,096.</summary>
    public const int WaitingMax = 4_096;

    private readonly Lock _gate = new();
    private readonly List<Channel<BlockFinal>> _watchers = [];

    /// <summary>A block is final. A reader who is too far behind is told so, and has no further blocks.</summary>
    public void Tell(BlockFinal final)
    {
        lock (_gate)
        {
            for (int i = _watchers.Count - 1; i >= 0; i--)
            {
                if (!_watchers[i].Writer.TryWrite(final))
                {
                    _watchers[i].Writer.TryComplete(new InvalidOperationException(
                        $"This reader is over {WaitingMax} blocks behind; begin anew from the present state."));
                    _watchers.RemoveAt(i);
                }
            }
        }
    }

    /// <summary>Follows all blocks that become final from this call on.</summary>
    public IAsyncEnumerable<BlockFinal> WatchAsync(CancellationToken ct)
    {
        var watcher = Channel.CreateBounded<BlockFinal>(
            new BoundedChannelOptions(WaitingMax) { SingleReader = true, SingleWriter = true });
        lock (_gate)
        {
            _watchers.Add(watcher);
        }

        return ReadAsync(watcher, ct);
    }

    private async IAsyncEnumerable<BlockFinal> ReadAsync(
        Channel<BlockFinal> watcher, [EnumeratorCancellation] CancellationToken ct)
    {
        try
        {
            await foreach (BlockFinal final in watcher.Reader.ReadAllAsync(ct))
            {
                yield return final;
            }
        }
        finally
        {
            lock (_gate)
            {
                _watchers.Remove(watcher);
            }
        }
    }
}
