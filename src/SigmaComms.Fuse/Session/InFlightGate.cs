namespace SigmaComms.Fuse.Session;

/// <summary>
/// How much memory waiting requests may hold. Over a third of the limit, readers stop reading but the last one, which
/// goes on to the limit so that interrupts still arrive.
/// </summary>
internal sealed class InFlightGate(int readers, long bytesMax)
{
    private readonly object _lock = new();
    private readonly long _soft = bytesMax / 3;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytes;
    private int _waiting;
    private int _requests;
    private bool _ended;
    private bool _draining;

    /// <summary>Bytes that waiting requests hold.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Readers that do not read for want of room.</summary>
    public int WaitingReaders => Volatile.Read(ref _waiting);

    public void Add(int bytes)
    {
        lock (_lock)
        {
            _bytes += bytes;
            _requests++;
        }
    }

    public void Remove(int bytes)
    {
        lock (_lock)
        {
            _bytes -= bytes;
            _requests--;
            if (_waiting > 0)
            {
                Monitor.PulseAll(_lock);
            }

            CompleteIfDrained();
        }
    }

    /// <summary>Waits until the calling reader may read.</summary>
    public void WaitForRoom()
    {
        if (Volatile.Read(ref _bytes) < _soft)
        {
            return;
        }

        lock (_lock)
        {
            while (!_ended && _bytes >= (_waiting == readers - 1 ? bytesMax : _soft))
            {
                _waiting++;
                Monitor.Wait(_lock);
                _waiting--;
            }
        }
    }

    /// <summary>Readers wait no more.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Waits until no request waits any more. To be called when no more can come.</summary>
    public Task DrainAsync()
    {
        lock (_lock)
        {
            _draining = true;
            CompleteIfDrained();
        }

        return _drained.Task;
    }

    private void CompleteIfDrained()
    {
        if (_draining && _requests == 0)
        {
            _drained.TrySetResult();
        }
    }
}
