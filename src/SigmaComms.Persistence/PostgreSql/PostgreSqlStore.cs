using System.Runtime.CompilerServices;
using Npgsql;
using SigmaComms.Persistence.Writes;

namespace SigmaComms.Persistence.PostgreSql;

/// <summary>A journal and snapshot store in one schema of a PostgreSQL server.</summary>
/// <remarks>
/// One thread writes and commits what has gathered in one transaction, which locks the rows of the persistence ids and
/// checks epochs and sequences under that lock; so also writers of other processes are fenced. A connection that was
/// lost is taken anew. When it is lost while a commit is under way the append ends with
/// <see cref="AppendStatus.Unknown"/>: recover, the journal tells.
/// </remarks>
public sealed class PostgreSqlStore : IJournal, ISnapshotStore
{
    private readonly Lock _closingGate = new();
    private readonly PostgreSqlDatabase _database;
    private readonly PostgreSqlWriter _writer;
    private readonly PostgreSqlReader _reader;
    private volatile bool _disposed;
    private Task? _closed;

    private PostgreSqlStore(PostgreSqlDatabase database, PostgreSqlStoreOptions options)
    {
        _database = database;
        _reader = new PostgreSqlReader(database, options.ReadersMax);
        _writer = new PostgreSqlWriter(database, options);
    }

    /// <summary>How many transactions were committed, and how often a commit waited for more writes.</summary>
    internal (long Commits, long Lingers) Counters => (_writer.Commits, _writer.Lingers);

    /// <summary>Connects, and makes the tables if the schema has none.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="JournalException">The server cannot be used; the message says why and what to do.</exception>
    public static async ValueTask<PostgreSqlStore> OpenAsync(PostgreSqlStoreOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var database = new PostgreSqlDatabase(options);
        PostgreSqlStore? store = null;
        try
        {
            await database.PrepareAsync(ct);
            store = new PostgreSqlStore(database, options);
            return store;
        }
        catch (NpgsqlException failure)
        {
            throw PostgreSqlError.Of(failure).ToJournalException("open the journal", database.Name);
        }
        finally
        {
            if (store is null)
            {
                database.Dispose();
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

        var request = new PendingWrite<PostgreSqlChanges, AppendResult>(
            persistenceId,
            events.Count,
            sizeBytes,
            (changes, ticks) => changes.Append(persistenceId, expectedSequence, writerEpoch, events, ticks),
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
        ThrowIfUnusable(ct);
        return (await _reader.FindAsync(persistenceId, ct)).State.Highest;
    }

    /// <inheritdoc/>
    public async ValueTask DeleteToAsync(string persistenceId, long toSequence, CancellationToken ct)
    {
        JournalArguments.RequireId(persistenceId);
        ArgumentOutOfRangeException.ThrowIfNegative(toSequence);
        await WriteAsync(persistenceId, 0, (changes, _) => changes.DeleteTo(persistenceId, toSequence), ct);
    }

    /// <inheritdoc/>
    public async ValueTask<long> AcquireEpochAsync(string persistenceId, CancellationToken ct)
    {
        JournalArguments.RequireId(persistenceId);
        return await WriteAsync(persistenceId, 0, (changes, _) => changes.AcquireEpoch(persistenceId), ct);
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
            persistenceId, snapshot.Payload.Length, (changes, _) => changes.SaveSnapshot(persistenceId, snapshot), ct);
    }

    /// <inheritdoc/>
    public async ValueTask<Snapshot?> LoadAsync(string persistenceId, CancellationToken ct)
    {
        JournalArguments.RequireId(persistenceId);
        ThrowIfUnusable(ct);
        return await _reader.ReadSnapshotAsync(persistenceId, newer: 0, ct);
    }

    /// <inheritdoc/>
    public async ValueTask<Snapshot?> LoadOlderAsync(string persistenceId, CancellationToken ct)
    {
        JournalArguments.RequireId(persistenceId);
        ThrowIfUnusable(ct);
        return await _reader.ReadSnapshotAsync(persistenceId, newer: 1, ct);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAllAsync(string persistenceId, CancellationToken ct)
    {
        JournalArguments.RequireId(persistenceId);
        await WriteAsync(persistenceId, 0, (changes, _) => changes.DeleteSnapshots(persistenceId), ct);
    }

    /// <summary>Writes what waits and closes the connections. May be called twice.</summary>
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
        await _writer.DisposeAsync();
        _database.Dispose();
    }

    private async IAsyncEnumerable<JournalEvent> ReplayPagesAsync(
        string persistenceId, long fromSequence, [EnumeratorCancellation] CancellationToken ct)
    {
        (long stream, StreamState state) = await _reader.FindAsync(persistenceId, ct);
        long next = Math.Max(fromSequence, state.DeletedTo + 1);
        int limit = PostgreSqlReader.FirstPage;
        while (next <= state.Highest)
        {
            ThrowIfUnusable(ct);
            List<JournalEvent> page =
                await _reader.ReadEventsAsync(persistenceId, stream, next, state.Highest, limit, ct);
            if (page.Count == 0)
            {
                throw Gap(persistenceId, next, state.Highest);
            }

            long sizeBytes = 0;
            foreach (JournalEvent e in page)
            {
                if (e.Sequence != next)
                {
                    throw Gap(persistenceId, next, e.Sequence - 1);
                }

                next++;
                sizeBytes += e.Payload.Length;
                yield return e;
            }

            limit = PostgreSqlReader.NextPage(page.Count, sizeBytes);
        }
    }

    private async IAsyncEnumerable<string> ListPagesAsync(
        string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        string from = prefix;
        List<string> page;
        do
        {
            ThrowIfUnusable(ct);
            page = await _reader.ReadIdsAsync(prefix, from, ct);
            foreach (string persistenceId in page)
            {
                yield return persistenceId;
                from = persistenceId + ' ';
            }
        }
        while (page.Count == PostgreSqlReader.PageIds);
    }

    private ValueTask<long> WriteAsync(
        string persistenceId, int sizeBytes, Func<PostgreSqlChanges, long, long> write, CancellationToken ct)
    {
        ThrowIfUnusable(ct);
        var request = new PendingWrite<PostgreSqlChanges, long>(persistenceId, 1, sizeBytes, write);
        return _writer.TryEnqueue(request) ? request.WaitAsync(ct) : throw Overload();
    }

    private void ThrowIfUnusable(CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ct.ThrowIfCancellationRequested();
    }

    private JournalException Gap(string persistenceId, long from, long to) => new(
        JournalFailure.Gap,
        $"Events {from} to {to} of '{persistenceId}' are missing in '{_database.Name}'. They were deleted during the "
        + "replay, or the tables are damaged: then restore them from a backup.");

    private JournalException Overload() => new(
        JournalFailure.Overloaded,
        $"Too much waits to be written to '{_database.Name}'. Send less at a time, or use a faster server.");
}
