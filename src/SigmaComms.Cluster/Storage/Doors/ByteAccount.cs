namespace SigmaComms.Cluster.Storage.Doors;

/// <summary>
/// Bytes that somebody may hold at once, out of those that all together may. What is held when the account is closed
/// goes back at once, and later returns change nothing. Safe to use from any thread.
/// </summary>
internal sealed class ByteAccount(long maxBytes, ByteAccount? whole)
{
    private readonly Lock _gate = new();
    private long _held;
    private bool _isClosed;

    /// <summary>Bytes held now.</summary>
    public long Held
    {
        get
        {
            lock (_gate)
            {
                return _held;
            }
        }
    }

    /// <summary>Whether some bytes might be held now; others may be quicker.</summary>
    public bool CanTake(long bytes)
    {
        lock (_gate)
        {
            return !_isClosed && _held + bytes <= maxBytes && whole?.CanTake(bytes) != false;
        }
    }

    /// <summary>Holds some bytes, if they may be held.</summary>
    public bool TryTake(long bytes)
    {
        lock (_gate)
        {
            if (_isClosed || _held + bytes > maxBytes || whole?.TryTake(bytes) == false)
            {
                return false;
            }

            _held += bytes;
            return true;
        }
    }

    /// <summary>Gives bytes back that were taken.</summary>
    public void Give(long bytes)
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                _held -= bytes;
                whole?.Give(bytes);
            }
        }
    }

    /// <summary>Gives everything back; nothing is taken any more. May be called twice.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                _isClosed = true;
                whole?.Give(_held);
                _held = 0;
            }
        }
    }
}
