using SigmaComms.Persistence;
using SigmaComms.Persistence.InMemory;

namespace SigmaComms.Cluster.Tests.Simulation;

/// <summary>A store in memory whose disk can be full.</summary>
internal sealed class FaultyStore(InMemoryStore store) : IJournal, ISnapshotStore
{
    public bool IsFull { get; set; }

    /// <summary>What a write may have at most, as on a disk that is nearly full; null for any.</summary>
    public int? RoomBytes { get; set; }

    /// <summary>Whether messages cannot be read, as from a failing disk.</summary>
    public bool IsUnreadable { get; set; }

    /// <summary>Whether it is away, as a database server that does not run.</summary>
    public bool IsAway { get; set; }

    /// <summary>What every write waits for before it begins, as on a disk that hangs; null for nothing.</summary>
    public TaskCompletionSource? Hang { get; set; }

    /// <summary>A journal for which it is away when a writer comes; null for none.</summary>
    public string? AwayFor { get; set; }

    /// <summary>Whether it does what appends ask for and goes away before it says so.</summary>
    public bool GoesAwayUnheard { get; set; }

    /// <summary>What appends throw, as a bug of the store would; null for none.</summary>
    public Exception? Breaks { get; set; }

    /// <summary>A closed store refuses everything, as the store of a process that was killed.</summary>
    public bool IsClosed { get; set; }

    public async ValueTask<AppendResult> AppendAsync(
        string persistenceId,
        long expectedSequence,
        long writerEpoch,
        IReadOnlyList<NewEvent> events,
        CancellationToken ct)
    {
        ThrowIfFaulty(writes: true, events.Sum(added => added.Payload.Length));
        await (Hang?.Task ?? Task.CompletedTask);
        if (Breaks is { } fault)
        {
            throw fault;
        }

        AppendResult result = await store.AppendAsync(persistenceId, expectedSequence, writerEpoch, events, ct);
        if (!GoesAwayUnheard)
        {
            return result;
        }

        IsAway = true;
        return new AppendResult(AppendStatus.Unknown, -1, "the server ended the connection");
    }

    public IAsyncEnumerable<JournalEvent> ReplayAsync(string persistenceId, long fromSequence, CancellationToken ct)
    {
        ThrowIfFaulty(writes: false);
        return store.ReplayAsync(persistenceId, fromSequence, ct);
    }

    public ValueTask<long> HighestSequenceAsync(string persistenceId, CancellationToken ct)
    {
        ThrowIfFaulty(writes: false);
        return store.HighestSequenceAsync(persistenceId, ct);
    }

    public ValueTask DeleteToAsync(string persistenceId, long toSequence, CancellationToken ct)
    {
        ThrowIfFaulty(writes: true);
        return store.DeleteToAsync(persistenceId, toSequence, ct);
    }

    public ValueTask<long> AcquireEpochAsync(string persistenceId, CancellationToken ct)
    {
        ThrowIfFaulty(writes: true);
        return persistenceId == AwayFor
            ? throw new JournalException(JournalFailure.Unavailable, "the server cannot be reached")
            : store.AcquireEpochAsync(persistenceId, ct);
    }

    public IAsyncEnumerable<string> PersistenceIdsAsync(string prefix, CancellationToken ct)
    {
        ThrowIfFaulty(writes: false);
        return store.PersistenceIdsAsync(prefix, ct);
    }

    public async ValueTask SaveAsync(string persistenceId, Snapshot snapshot, CancellationToken ct)
    {
        ThrowIfFaulty(writes: true, snapshot.Payload.Length);
        await (Hang?.Task ?? Task.CompletedTask);
        await store.SaveAsync(persistenceId, snapshot, ct);
    }

    public ValueTask<Snapshot?> LoadAsync(string persistenceId, CancellationToken ct)
    {
        ThrowIfFaulty(writes: false);
        return store.LoadAsync(persistenceId, ct);
    }

    public ValueTask<Snapshot?> LoadOlderAsync(string persistenceId, CancellationToken ct)
    {
        ThrowIfFaulty(writes: false);
        return store.LoadOlderAsync(persistenceId, ct);
    }

    public ValueTask DeleteAllAsync(string persistenceId, CancellationToken ct)
    {
        ThrowIfFaulty(writes: true);
        return store.DeleteAllAsync(persistenceId, ct);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void ThrowIfFaulty(bool writes, int bytes = 0)
    {
        if (IsClosed)
        {
            throw new JournalException(JournalFailure.Io, "the process of this store was killed");
        }

        if (IsAway)
        {
            throw new JournalException(JournalFailure.Unavailable, "the server cannot be reached");
        }

        if (IsUnreadable && !writes)
        {
            throw new JournalException(JournalFailure.Io, "the disk does not give back what it was given");
        }

        if (writes && (IsFull || bytes > RoomBytes))
        {
            throw new JournalException(JournalFailure.DiskFull, "the volume is full; make room");
        }
    }
}
