namespace SigmaComms.Persistence.Tests.EventSourcing;

/// <summary>A store whose faults a test plants; without them it passes everything on.</summary>
internal sealed class FaultyStore(IJournal journal, ISnapshotStore snapshots) : IJournal, ISnapshotStore
{
    /// <summary>Stands in for the next appends; may call the real one and then say something else.</summary>
    public Func<Func<ValueTask<AppendResult>>, ValueTask<AppendResult>>? Append { get; set; }

    /// <summary>Runs before each event of a replay is given.</summary>
    public Func<long, ValueTask>? BeforeEvent { get; set; }

    /// <summary>Runs before the highest sequence is read.</summary>
    public Func<ValueTask>? BeforeHighest { get; set; }

    /// <summary>Runs before a snapshot is loaded.</summary>
    public Func<ValueTask>? BeforeLoad { get; set; }

    /// <summary>Runs before a snapshot is saved.</summary>
    public Func<ValueTask>? BeforeSave { get; set; }

    public int Appends { get; private set; }

    public ValueTask<AppendResult> AppendAsync(
        string persistenceId,
        long expectedSequence,
        long writerEpoch,
        IReadOnlyList<NewEvent> events,
        CancellationToken ct)
    {
        Appends++;

        // Under a fault the store has begun with the write, which is not cancelled any more.
        ValueTask<AppendResult> Real(CancellationToken token) =>
            journal.AppendAsync(persistenceId, expectedSequence, writerEpoch, events, token);
        return Append is { } fault ? fault(() => Real(CancellationToken.None)) : Real(ct);
    }

    public async IAsyncEnumerable<JournalEvent> ReplayAsync(
        string persistenceId,
        long fromSequence,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (JournalEvent e in journal.ReplayAsync(persistenceId, fromSequence, ct))
        {
            if (BeforeEvent is { } fault)
            {
                await fault(e.Sequence);
            }

            yield return e;
        }
    }

    public async ValueTask<long> HighestSequenceAsync(string persistenceId, CancellationToken ct)
    {
        if (BeforeHighest is { } fault)
        {
            await fault();
        }

        return await journal.HighestSequenceAsync(persistenceId, ct);
    }

    public ValueTask DeleteToAsync(string persistenceId, long toSequence, CancellationToken ct) =>
        journal.DeleteToAsync(persistenceId, toSequence, ct);

    public ValueTask<long> AcquireEpochAsync(string persistenceId, CancellationToken ct) =>
        journal.AcquireEpochAsync(persistenceId, ct);

    public IAsyncEnumerable<string> PersistenceIdsAsync(string prefix, CancellationToken ct) =>
        journal.PersistenceIdsAsync(prefix, ct);

    public async ValueTask SaveAsync(string persistenceId, Snapshot snapshot, CancellationToken ct)
    {
        if (BeforeSave is { } fault)
        {
            await fault();
        }

        await snapshots.SaveAsync(persistenceId, snapshot, ct);
    }

    public async ValueTask<Snapshot?> LoadAsync(string persistenceId, CancellationToken ct)
    {
        if (BeforeLoad is { } fault)
        {
            await fault();
        }

        return await snapshots.LoadAsync(persistenceId, ct);
    }

    public ValueTask<Snapshot?> LoadOlderAsync(string persistenceId, CancellationToken ct) =>
        snapshots.LoadOlderAsync(persistenceId, ct);

    public ValueTask DeleteAllAsync(string persistenceId, CancellationToken ct) =>
        snapshots.DeleteAllAsync(persistenceId, ct);

    public ValueTask DisposeAsync() => journal.DisposeAsync();
}
