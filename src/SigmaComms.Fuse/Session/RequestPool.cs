namespace SigmaComms.Fuse.Session;

/// <summary>Requests that are used again, and all that are in use, so that an interrupt finds its own.</summary>
internal sealed class RequestPool(BufferPool buffers)
{
    private readonly Lock _lock = new();
    private readonly Stack<FuseRequest> _free = new();
    private FuseRequest[] _all = [];
    private int _count;

    public FuseRequest Rent()
    {
        lock (_lock)
        {
            if (_free.TryPop(out FuseRequest? free))
            {
                return free;
            }

            var request = new FuseRequest(buffers);
            if (_count == _all.Length)
            {
                var larger = new FuseRequest[Math.Max(16, _count * 2)];
                _all.CopyTo(larger, 0);
                Volatile.Write(ref _all, larger);
            }

            _all[_count] = request;
            Volatile.Write(ref _count, _count + 1);
            return request;
        }
    }

    public void Return(FuseRequest request)
    {
        request.End();
        lock (_lock)
        {
            _free.Push(request);
        }
    }

    /// <summary>Interrupts a request. False if it is not there: not yet, or no longer.</summary>
    public bool TryInterrupt(ulong unique)
    {
        int count = Volatile.Read(ref _count);
        FuseRequest[] all = Volatile.Read(ref _all);
        for (int i = 0; i < count && i < all.Length; i++)
        {
            if (all[i].Unique == unique && all[i].TryInterrupt(unique))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Interrupts all that are in use.</summary>
    public void InterruptAll()
    {
        lock (_lock)
        {
            for (int i = 0; i < _count; i++)
            {
                _all[i].TryInterrupt(_all[i].Unique);
            }
        }
    }
}
