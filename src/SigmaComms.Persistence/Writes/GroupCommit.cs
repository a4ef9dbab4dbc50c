namespace SigmaComms.Persistence.Writes;

/// <summary>
/// The thread that writes. It takes all that waits, up to the limits, into one transaction, so that one flush of the
/// disk serves many. While it commits the next batch gathers by itself.
/// </summary>
/// <typeparam name="TTables">What the store's writes work on.</typeparam>
internal abstract class GroupCommit<TTables> : IAsyncDisposable
{
    private const int WaitingMax = 65_536;
    private const long WaitingBytesMax = 64 << 20;

    private readonly object _gate = new();
    private readonly Queue<WriteRequest<TTables>> _waiting = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly GroupCommitLimits _limits;
    private long _waitingBytes;
    private int _wakeAt = 1;
    private long _lastCommit;
    private int _lastRequests;
    private bool _stopping;

    protected GroupCommit(GroupCommitLimits limits) => _limits = limits;

    /// <summary>How many transactions were committed.</summary>
    public long Commits { get; private set; }

    /// <summary>How often a commit waited for more writes.</summary>
    public long Lingers { get; private set; }

    /// <summary>How many writes wait for their turn.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Names the store in messages for people.</summary>
    protected abstract string StoreName { get; }

    /// <summary>Hands a write over.</summary>
    /// <returns>False if too much waits already.</returns>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public bool TryEnqueue(WriteRequest<TTables> request)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            if (_waiting.Count >= WaitingMax || _waitingBytes + request.SizeBytes > WaitingBytesMax)
            {
                return false;
            }

            _waiting.Enqueue(request);
            _waitingBytes += request.SizeBytes;
            if (_waiting.Count >= _wakeAt)
            {
                Monitor.Pulse(_gate);
            }

            return true;
        }
    }

    /// <summary>Writes what waits, then ends the thread and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        await _ended.Task;
    }

    /// <summary>Begins; the last thing a constructor does.</summary>
    protected void Start(int stackBytesMax) =>
        new Thread(Run, stackBytesMax) { IsBackground = true, Name = "journal writer" }.Start();

    /// <summary>Runs the batch in one transaction and ends every request of it, one way or the other.</summary>
    protected abstract void Commit(List<WriteRequest<TTables>> batch, long utcTicks);

    /// <summary>Frees the connection; the thread's last act.</summary>
    protected abstract void Close();

    /// <summary>The batch is durable: tells everyone.</summary>
    protected void Complete(List<WriteRequest<TTables>> batch)
    {
        Commits++;
        batch.ForEach(request => request.Complete());
    }

    /// <summary>One bad write must not harm its neighbours: each gets a transaction of its own.</summary>
    protected void CommitOneByOne(List<WriteRequest<TTables>> batch, long utcTicks)
    {
        List<WriteRequest<TTables>> alone = [];
        foreach (WriteRequest<TTables> request in batch)
        {
            alone.Clear();
            alone.Add(request);
            Commit(alone, utcTicks);
        }
    }

    private void Run()
    {
        List<WriteRequest<TTables>> batch = [];
        try
        {
            while (TakeBatch(batch))
            {
                if (batch.Count > 0)
                {
                    Commit(batch, _limits.Time.GetUtcNow().UtcTicks);
                }

                _lastRequests = batch.Count;
                _lastCommit = _limits.Time.GetTimestamp();
                batch.Clear();
            }
        }
        catch (Exception bug) when (bug is not OutOfMemoryException)
        {
            // The top of the thread: nobody above would see it, and those who wait must hear of it.
            GiveUp(batch, bug);
        }

        Close();
        _ended.TrySetResult();
    }

    private bool TakeBatch(List<WriteRequest<TTables>> batch)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_stopping)
            {
                Monitor.Wait(_gate);
            }

            Linger();
            int events = 0;
            long sizeBytes = 0;
            while (_waiting.TryPeek(out WriteRequest<TTables>? next))
            {
                events += next.Events;
                sizeBytes += next.SizeBytes;
                if (batch.Count > 0 && (events > _limits.EventsMax || sizeBytes > _limits.BytesMax))
                {
                    break;
                }

                _waiting.Dequeue();
                _waitingBytes -= next.SizeBytes;
                if (next.TryTake())
                {
                    batch.Add(next);
                }
            }

            return batch.Count > 0 || _waiting.Count > 0 || !_stopping;
        }
    }

    /// <summary>
    /// Right after a commit that served several writers, waits a moment for the rest of them: they were told together
    /// and come back one by one.
    /// </summary>
    private void Linger()
    {
        TimeSpan rest = _limits.DelayMax - _limits.Time.GetElapsedTime(_lastCommit);
        if (_lastRequests > 1 && rest > TimeSpan.Zero)
        {
            // Woken only when all are back, when the store closes, or when the time is over.
            _wakeAt = Math.Min(_lastRequests, _limits.EventsMax);
            if (_waiting.Count < _wakeAt && !_stopping)
            {
                Lingers++;
                Monitor.Wait(_gate, rest);
            }

            _wakeAt = 1;
        }
    }

    private void GiveUp(List<WriteRequest<TTables>> batch, Exception bug)
    {
        List<WriteRequest<TTables>> waiting;
        lock (_gate)
        {
            _stopping = true;
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        var reason = new JournalException(
            JournalFailure.Io, $"The writer of the journal '{StoreName}' has stopped: {bug.Message}", bug);
        // How far the batch in hand came nobody knows; what waited was not begun.
        batch.ForEach(request => request.Doubt(reason));
        waiting.ForEach(request => request.Fail(reason));
    }
}
