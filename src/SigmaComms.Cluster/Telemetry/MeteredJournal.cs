using SigmaComms.Persistence;

namespace SigmaComms.Cluster.Telemetry;

/// <summary>A journal whose writes are timed while somebody wants to know.</summary>
internal sealed class MeteredJournal(IJournal journal, NodeMeter meter, TimeProvider time) : IJournal
{
    public ValueTask<AppendResult> AppendAsync(
        string persistenceId,
        long expectedSequence,
        long writerEpoch,
        IReadOnlyList<NewEvent> events,
        CancellationToken ct) =>
        meter.TimesAppends
            ? TimedAsync(persistenceId, expectedSequence, writerEpoch, events, ct)
            : journal.AppendAsync(persistenceId, expectedSequence, writerEpoch, events, ct);

    public IAsyncEnumerable<JournalEvent> ReplayAsync(string persistenceId, long fromSequence, CancellationToken ct) =>
        journal.ReplayAsync(persistenceId, fromSequence, ct);

    public ValueTask<long> HighestSequenceAsync(string persistenceId, CancellationToken ct) =>
        journal.HighestSequenceAsync(persistenceId, ct);

    public ValueTask DeleteToAsync(string persistenceId, long toSequence, CancellationToken ct) =>
        journal.DeleteToAsync(persistenceId, toSequence, ct);

    public ValueTask<long> AcquireEpochAsync(string persistenceId, CancellationToken ct) =>
        journal.AcquireEpochAsync(persistenceId, ct);

    public IAsyncEnumerable<string> PersistenceIdsAsync(string prefix, CancellationToken ct) =>
        journal.PersistenceIdsAsync(prefix, ct);

    public ValueTask DisposeAsync() => journal.DisposeAsync();

    private async ValueTask<AppendResult> TimedAsync(
        string persistenceId,
        long expectedSequence,
        long writerEpoch,
        IReadOnlyList<NewEvent> events,
        CancellationToken ct)
    {
        long start = time.GetTimestamp();
        bool stored = false;
        try
        {
            AppendResult result =
                await journal.AppendAsync(persistenceId, expectedSequence, writerEpoch, events, ct);
            stored = result.Status == AppendStatus.Stored;
            return result;
        }
        finally
        {
            meter.NoteAppend(events.Count, stored, time.GetElapsedTime(start));
        }
    }
}
