namespace SigmaComms.Actors.Streams;

/// <summary>Bytes that may be taken and are given back. Who waits is served in order.</summary>
internal sealed class ByteCredits
{
    private readonly LinkedList<(long Size, TaskCompletionSource Source)> _waiting = [];
    private readonly Lock _gate = new();
    private readonly long _total;
    private long _free;

    /// <param name="total">Bytes that there are.</param>
    public ByteCredits(long total)
    {
        _total = total;
        _free = total;
    }

    /// <summary>Takes so many bytes, all of them if it is more than there are. Returns what to give back.</summary>
    public async ValueTask<long> TakeAsync(long size, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long wanted = Math.Clamp(size, 0, _total);
        TaskCompletionSource source;
        LinkedListNode<(long Size, TaskCompletionSource Source)> node;
        lock (_gate)
        {
            if (_waiting.Count == 0 && wanted <= _free)
            {
                _free -= wanted;
                return wanted;
            }

            source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            node = _waiting.AddLast((wanted, source));
        }

        await using CancellationTokenRegistration registration = cancellationToken.Register(() => Leave(node));
        await source.Task;
        return wanted;
    }

    public void Give(long size)
    {
        lock (_gate)
        {
            _free += size;
            ServeFirst();
        }
    }

    private void Leave(LinkedListNode<(long Size, TaskCompletionSource Source)> node)
    {
        lock (_gate)
        {
            if (node.List is not null)
            {
                _waiting.Remove(node);
                node.Value.Source.SetCanceled();
                ServeFirst();
            }
        }
    }

    private void ServeFirst()
    {
        while (_waiting.First is { } first && first.Value.Size <= _free)
        {
            _waiting.RemoveFirst();
            _free -= first.Value.Size;
            first.Value.Source.SetResult();
        }
    }
}
