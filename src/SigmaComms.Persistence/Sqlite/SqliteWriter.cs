namespace SigmaComms.Persistence.Sqlite;

/// <summary>
/// The thread that writes. It takes all that waits, up to the limits, into one transaction, so that one flush of the
/// disk serves many. While it flushes the next batch gathers by itself.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int WaitingMax = 65_536;
    private const long WaitingBytesMax = 64 << 20;

    private readonly object _gate = new();
    private readonly Queue<WriteRequest> _waiting = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SqliteStoreOptions _options;
    private readonly SqliteDatabase _database;
    private readonly SqliteTables _tables;
    private long _waitingBytes;
    private int _wakeAt = 1;
    private long _lastCommit;
    private int _lastRequests;
    private bool _stopping;

    public SqliteWriter(SqliteStoreOptions options)
    {
        _options = options;
        _database = SqliteSchema.OpenWriter(options);
        _tables = new SqliteTables(_database);
        new Thread(Run, maxStackSize: 256 << 10) { IsBackground = true, Name = "journal writer" }.Start();
    }

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

    /// <summary>Hands a write over.</summary>
    /// <returns>False if too much waits already.</returns>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public bool TryEnqueue(WriteRequest request)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, typeof(SqliteStore));
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

    private void Run()
    {
        List<WriteRequest> batch = [];
        try
        {
            while (TakeBatch(batch))
            {
                Write(batch);
                _lastRequests = batch.Count;
                _lastCommit = _options.Time.GetTimestamp();
                batch.Clear();
            }
        }
        catch (Exception bug) when (bug is not OutOfMemoryException)
        {
            // The top of the thread: nobody above would see it, and those who wait must hear of it.
            GiveUp(batch, bug);
        }

        _tables.Dispose();
        _database.Dispose();
        _ended.TrySetResult();
    }

    private bool TakeBatch(List<WriteRequest> batch)
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
            while (_waiting.TryPeek(out WriteRequest? next))
            {
                events += next.Events;
                sizeBytes += next.SizeBytes;
                if (batch.Count > 0 && (events > _options.MaxBatchEvents || sizeBytes > _options.MaxBatchBytes))
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
        TimeSpan rest = _options.MaxBatchDelay - _options.Time.GetElapsedTime(_lastCommit);
        if (_lastRequests > 1 && rest > TimeSpan.Zero)
        {
            // Woken only when all are back, when the store closes, or when the time is over.
            _wakeAt = Math.Min(_lastRequests, _options.MaxBatchEvents);
            if (_waiting.Count < _wakeAt && !_stopping)
            {
                Lingers++;
                Monitor.Wait(_gate, rest);
            }

            _wakeAt = 1;
        }
    }

    private void Write(List<WriteRequest> batch)
    {
        if (batch.Count == 0 || TryCommit(batch, out SqliteError? error))
        {
            return;
        }

        if (batch.Count == 1)
        {
            batch[0].Fail(error!.ToJournalException("write to the journal", _options.Path));
            return;
        }

        // One bad write must not harm its neighbours: each gets a transaction of its own.
        List<WriteRequest> alone = [];
        foreach (WriteRequest request in batch)
        {
            alone.Clear();
            alone.Add(request);
            Write(alone);
        }
    }

    /// <summary>Runs the batch in one transaction.</summary>
    /// <returns>False if nothing of it was stored; else all its requests have been told.</returns>
    private bool TryCommit(List<WriteRequest> batch, out SqliteError? error)
    {
        error = null;
        bool isCommitting = false;
        try
        {
            _database.Execute("BEGIN IMMEDIATE");
            long utcTicks = _options.Time.GetUtcNow().UtcTicks;
            foreach (WriteRequest request in batch)
            {
                request.Execute(_tables, utcTicks);
            }

            isCommitting = true;
            _database.Execute("COMMIT");
        }
        catch (SqliteError failure)
        {
            error = failure;
            _database.Rollback();
            if (!isCommitting || !failure.LeavesDoubt)
            {
                return false;
            }

            Doubt(batch, failure);
            return true;
        }

        Commits++;
        foreach (WriteRequest request in batch)
        {
            request.Complete();
        }

        return true;
    }

    /// <summary>
    /// The log could not be written or flushed. What reads the file now does not see the batch, but after a loss of
    /// power, before the next commit writes over it, recovery might.
    /// </summary>
    private void Doubt(List<WriteRequest> batch, SqliteError failure)
    {
        JournalException reason = failure.ToJournalException("write to the journal", _options.Path);
        foreach (WriteRequest request in batch)
        {
            request.Doubt(reason);
        }
    }

    private void GiveUp(List<WriteRequest> batch, Exception bug)
    {
        lock (_gate)
        {
            _stopping = true;
            batch.AddRange(_waiting);
            _waiting.Clear();
        }

        var reason = new JournalException(
            JournalFailure.Io, $"The writer of the journal '{_options.Path}' has stopped: {bug.Message}", bug);
        foreach (WriteRequest request in batch)
        {
            request.Fail(reason);
        }
    }
}
