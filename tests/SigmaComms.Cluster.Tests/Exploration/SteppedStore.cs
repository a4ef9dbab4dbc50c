using System.Runtime.CompilerServices;
using SigmaComms.Persistence;
using SigmaComms.Persistence.InMemory;

namespace SigmaComms.Cluster.Tests.Exploration;

/// <summary>
/// A store in memory that answers like a disk: every operation happens at some later step, and its answer arrives at
/// a still later one.
/// </summary>
internal sealed class SteppedStore(InMemoryStore store) : IJournal, ISnapshotStore
{
    private int _appends;

    /// <summary>Which append finds the disk full, from 1; null for none.</summary>
    public int? RefusedAppend { get; set; }

    public async ValueTask<AppendResult> AppendAsync(
        string persistenceId,
        long expectedSequence,
        long writerEpoch,
        IReadOnlyList<NewEvent> events,
        CancellationToken ct)
    {
        await Task.Yield();
        if (++_appends == RefusedAppend)
        {
            throw new JournalException(JournalFailure.DiskFull, "the volume is full; make room");
        }

        AppendResult result = await store.AppendAsync(persistenceId, expectedSequence, writerEpoch, events, ct);
        await Task.Yield();
        return result;
    }

    public async IAsyncEnumerable<JournalEvent> ReplayAsync(
        string persistenceId, long fromSequence, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.Yield();
        await foreach (JournalEvent stored in store.ReplayAsync(persistenceId, fromSequence, ct))
        {
            yield return stored;
        }

        await Task.Yield();
    }

    public async ValueTask<long> HighestSequenceAsync(string persistenceId, CancellationToken ct)
    {
        await Task.Yield();
        return await store.HighestSequenceAsync(persistenceId, ct);
    }

    public async ValueTask DeleteToAsync(string persistenceId, long toSequence, CancellationToken ct)
    {
        await Task.Yield();
        await store.DeleteToAsync(persistenceId, toSequence, ct);
        await Task.Yield();
    }

    public async ValueTask<long> AcquireEpochAsync(string persistenceId, CancellationToken ct)
    {
        await Task.Yield();
        return await store.AcquireEpochAsync(persistenceId, ct);
    }

    public async IAsyncEnumerable<string> PersistenceIdsAsync(
        string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.Yield();
        await foreach (string id in store.PersistenceIdsAsync(prefix, ct))
        {
            yield return id;
        }
    }

    public async ValueTask SaveAsync(string persistenceId, Snapshot snapshot, CancellationToken ct)
    {
        await Task.Yield();
        await store.SaveAsync(persistenceId, snapshot, ct);
        await Task.Yield();
    }

    public async ValueTask<Snapshot?> LoadAsync(string persistenceId, CancellationToken ct)
    {
        await Task.Yield();
        return await store.LoadAsync(persistenceId, ct);
    }

    public async ValueTask<Snapshot?> LoadOlderAsync(string persistenceId, CancellationToken ct)
    {
        await Task.Yield();
        return await store.LoadOlderAsync(persistenceId, ct);
    }

    public async ValueTask DeleteAllAsync(string persistenceId, CancellationToken ct)
    {
        await Task.Yield();
        await store.DeleteAllAsync(persistenceId, ct);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
