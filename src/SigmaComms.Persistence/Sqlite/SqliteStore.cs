using System.Runtime.CompilerServices;
using SigmaComms.Persistence.Writes;

namespace SigmaComms.Persistence.Sqlite;

/// <summary>A journal and snapshot store in one SQLite file.</summary>
/// <remarks>
/// One thread writes and commits what has gathered with one flush of the disk (write-ahead log, synchronous FULL);
/// reads use a second connection and see all that was acknowledged. The file belongs to one store at a time.
/// </remarks>
public sealed class SqliteStore : IJournal, ISnapshotStore
{
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly Lock _closingGate = new();
    private readonly SqliteStoreOptions _options;
    private readonly FileStream _lock;
    private readonly SqliteWriter _writer;
    private readonly SqliteReader _reader;
    private volatile bool _disposed;
    private Task? _closed;

    private SqliteStore(SqliteStoreOptions options, FileStream held, SqliteWriter writer, SqliteReader reader)
    {
        _options = options;
        _lock = held;
        _writer = writer;
        _reader = reader;
    }

    /// <summary>How many transactions were committed, and how often a commit waited for more writes.</summary>
    internal (long Commits, long Lingers) Counters => (_writer.Commits, _writer.Lingers);

    /// <summary>How many writes wait for their turn.</summary>
    internal int Waiting => _writer.Waiting;

    /// <summary>Opens the file, and makes it if it is not there.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="ct">Cancels before the file is touched.</param>
    /// <exception cref="JournalException">The file cannot be used; the message says why and what to do.</exception>
    public static async ValueTask<SqliteStore> OpenAsync(SqliteStoreOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        ct.ThrowIfCancellationRequested();
        FileStream held = StoreFile.Lock(options.Path);
        SqliteWriter? writer = null;
        SqliteStore? store = null;
        try
        {
            writer = new SqliteWriter(options);
            store = new SqliteStore(options, held, writer, new SqliteReader(options));
            return store;
        }
        catch (SqliteError error)
        {
            throw error.ToJournalException("open the journal", options.Path);
        }
        finally
        {
            if (store is null)
            {
                await (writer?.DisposeAsync() ?? ValueTask.CompletedTask);
                await held.DisposeAsync();
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(
        string persistenceId,
        long expectedSequence,
        long writerEpoch,
        IReadOnlyList<NewEvent> events,
        CancellationToken ct)
    {
        JournalArguments.RequireAppend(persistenceId, expectedSequence, writerEpoch, events);
        ThrowIfUnusable(ct);
        if (JournalArguments.OverLimit(expectedSequence, events, out int sizeBytes) is { } reason)
        {
            return new ValueTask<AppendResult>(new AppendResult(AppendStatus.Rejected, -1, reason));
        }

        var request = new PendingWrite<SqliteTables, AppendResult>(
            persistenceId,
            events.Count,
            sizeBytes,
            (tables, ticks) => tables.Append(persistenceId, expectedSequence, writerEpoch, events, ticks),
            doubt => new AppendResult(AppendStatus.Unknown, -1, doubt));
        return _writer.TryEnqueue(request)
            ? request.WaitAsync(ct)
            : new ValueTask<AppendResult>(new AppendResult(AppendStatus.Rejected, -1, Overload().Message));
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<JournalEvent> ReplayAsync(string persistenceId, long fromSequence, CancellationToken ct)
    {
        JournalArguments.RequireId(persistenceId);
        ArgumentOutOfRangeException.ThrowIfNegative(fromSequence);
        ThrowIfUnusable(ct);
        return ReplayPagesAsync(persistenceId, fromSequence, ct);
    }

    /// <inheritdoc/>
    public async ValueTask<long> HighestSequenceAsync(string persistenceId, CancellationToken ct)
    {
        JournalArguments.RequireId(persistenceId);
        return (await ReadAsync(reader => reader.Find(persistenceId), ct)).State.Highest;
    }

    /// <inheritdoc/>
    public async ValueTask DeleteToAsync(string persistenceId, long toSequence, CancellationToken ct)
    {
        JournalArguments.RequireId(persistenceId);
        ArgumentOutOfRangeException.ThrowIfNegative(toSequence);
        await WriteAsync(persistenceId, 0, (tables, _) => tables.DeleteTo(persistenceId, toSequence), ct);
    }

    /// <inheritdoc/>
    public async ValueTask<long> AcquireEpochAsync(string persistenceId, CancellationToken ct)
    {
        JournalArguments.RequireId(persistenceId);
        return await WriteAsync(persistenceId, 0, (tables, _) => tables.AcquireEpoch(persistenceId), ct);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<string> PersistenceIdsAsync(string prefix, CancellationToken ct)
    {
        JournalArguments.RequirePrefix(prefix);
        ThrowIfUnusable(ct);
        return ListPagesAsync(prefix, ct);
    }

    /// <inheritdoc/>
    public async ValueTask SaveAsync(string persistenceId, Snapshot snapshot, CancellationToken ct)
    {
        JournalArguments.RequireSnapshot(persistenceId, snapshot);
        await WriteAsync(
            persistenceId, snapshot.Payload.Length, (tables, _) => tables.SaveSnapshot(persistenceId, snapshot), ct);
    }

    /// <inheritdoc/>
    public async ValueTask<Snapshot?> LoadAsync(string persistenceId, CancellationToken ct)
    {
        JournalArguments.RequireId(persistenceId);
        return await ReadAsync(reader => reader.ReadSnapshot(persistenceId, newer: 0), ct);
    }

    /// <inheritdoc/>
    public async ValueTask<Snapshot?> LoadOlderAsync(string persistenceId, CancellationToken ct)
    {
        JournalArguments.RequireId(persistenceId);
        return await ReadAsync(reader => reader.ReadSnapshot(persistenceId, newer: 1), ct);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAllAsync(string persistenceId, CancellationToken ct)
    {
        JournalArguments.RequireId(persistenceId);
        await WriteAsync(persistenceId, 0, (tables, _) => tables.DeleteSnapshots(persistenceId), ct);
    }

    /// <summary>Writes what waits, empties the log and gives the file free. May be called twice.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_closingGate)
        {
            _closed ??= CloseAsync();
        }

        return new ValueTask(_closed);
    }

    private async Task CloseAsync()
    {
        _disposed = true;

        // The reader goes first: the last connection to close empties the log.
        await _reading.WaitAsync();
        _reader.Dispose();
        _reading.Release();
        await _writer.DisposeAsync();
        await _lock.DisposeAsync();
    }

    private async IAsyncEnumerable<JournalEvent> ReplayPagesAsync(
        string persistenceId, long fromSequence, [EnumeratorCancellation] CancellationToken ct)
    {
        (long stream, StreamState state) = await ReadAsync(reader => reader.Find(persistenceId), ct);
        long next = Math.Max(fromSequence, state.DeletedTo + 1);
        while (next <= state.Highest)
        {
            long from = next;
            List<JournalEvent> page = await ReadAsync(
                reader => reader.ReadEvents(persistenceId, stream, from, state.Highest), ct);
            if (page.Count == 0)
            {
                throw Gap(persistenceId, next, state.Highest);
            }

            foreach (JournalEvent e in page)
            {
                if (e.Sequence != next)
                {
                    throw Gap(persistenceId, next, e.Sequence - 1);
                }

                next++;
                yield return e;
            }
        }
    }

    private async IAsyncEnumerable<string> ListPagesAsync(
        string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        string from = prefix;
        List<string> page;
        do
        {
            string start = from;
            page = await ReadAsync(reader => reader.ReadIds(prefix, start), ct);
            foreach (string persistenceId in page)
            {
                yield return persistenceId;
                from = persistenceId + ' ';
            }
        }
        while (page.Count == SqliteReader.PageEvents);
    }

    private ValueTask<long> WriteAsync(
        string persistenceId, int sizeBytes, Func<SqliteTables, long, long> write, CancellationToken ct)
    {
        ThrowIfUnusable(ct);
        var request = new PendingWrite<SqliteTables, long>(persistenceId, 1, sizeBytes, write);
        return _writer.TryEnqueue(request) ? request.WaitAsync(ct) : throw Overload();
    }

    private async ValueTask<T> ReadAsync<T>(Func<SqliteReader, T> read, CancellationToken ct)
    {
        ThrowIfUnusable(ct);
        await _reading.WaitAsync(ct);
        try
        {
            ThrowIfUnusable(ct);
            return await Task.Run(() => read(_reader), ct);
        }
        catch (SqliteError error)
        {
            throw error.ToJournalException("read the journal", _options.Path);
        }
        finally
        {
            _reading.Release();
        }
    }

    private void ThrowIfUnusable(CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ct.ThrowIfCancellationRequested();
    }

    private JournalException Gap(string persistenceId, long from, long to) => new(
        JournalFailure.Gap,
        $"Events {from} to {to} of '{persistenceId}' are missing in '{_options.Path}'. They were deleted during the "
        + "replay, or the file is damaged: then restore it from a backup.");

    private JournalException Overload() => new(
        JournalFailure.Overloaded,
        $"Too much waits to be written to '{_options.Path}'. Send less at a time, or use a faster disk.");
}
