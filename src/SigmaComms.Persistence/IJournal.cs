namespace SigmaComms.Persistence;

/// <summary>
/// Append-only journals, one per persistence id, with one writer at a time: the writer with the highest epoch.
/// A persistence id has 1 to 256 printable ASCII characters without blanks.
/// </summary>
/// <remarks>
/// Safe to call from any thread. When the world fails (disk, file, other processes) every member throws
/// <see cref="JournalException"/>; a failed write then stored nothing. Cancellation counts until the store begins
/// with the write; from there on its true end is awaited. After <see cref="IAsyncDisposable.DisposeAsync"/>, which may
/// be called twice, all other members throw <see cref="ObjectDisposedException"/>.
/// </remarks>
public interface IJournal : IAsyncDisposable
{
    /// <summary>Stores all events or none, durably, right after the expected sequence.</summary>
    /// <param name="persistenceId">Whose journal.</param>
    /// <param name="expectedSequence">The highest sequence the writer knows; 0 for a new journal.</param>
    /// <param name="writerEpoch">The writer's epoch; one above the fence raises the fence.</param>
    /// <param name="events">1 to <see cref="JournalLimits.EventsPerAppendMax"/> events.</param>
    /// <param name="ct">Cancels the wait for the store's turn.</param>
    ValueTask<AppendResult> AppendAsync(
        string persistenceId,
        long expectedSequence,
        long writerEpoch,
        IReadOnlyList<NewEvent> events,
        CancellationToken ct);

    /// <summary>Gives the events in the order they were stored, up to the highest when the replay began.</summary>
    /// <param name="persistenceId">Whose journal.</param>
    /// <param name="fromSequence">The first sequence wanted; deleted events are passed over.</param>
    /// <param name="ct">Ends the replay.</param>
    /// <exception cref="JournalException">
    /// <see cref="JournalFailure.Gap"/>: an event is missing; <see cref="JournalFailure.Corrupt"/>: one was changed.
    /// All events before it were given.
    /// </exception>
    IAsyncEnumerable<JournalEvent> ReplayAsync(string persistenceId, long fromSequence, CancellationToken ct);

    /// <summary>The highest sequence ever stored, also when its event was deleted since; 0 for a new journal.</summary>
    /// <param name="persistenceId">Whose journal.</param>
    /// <param name="ct">Cancels the read.</param>
    ValueTask<long> HighestSequenceAsync(string persistenceId, CancellationToken ct);

    /// <summary>Deletes the events up to and with a sequence. The highest sequence stays as it is.</summary>
    /// <param name="persistenceId">Whose journal.</param>
    /// <param name="toSequence">The last to delete; one above the highest deletes all there is.</param>
    /// <param name="ct">Cancels the wait for the store's turn.</param>
    ValueTask DeleteToAsync(string persistenceId, long toSequence, CancellationToken ct);

    /// <summary>Takes a new epoch, higher than every one before, and so fences all older writers.</summary>
    /// <param name="persistenceId">Whose journal.</param>
    /// <param name="ct">Cancels the wait for the store's turn.</param>
    ValueTask<long> AcquireEpochAsync(string persistenceId, CancellationToken ct);

    /// <summary>All persistence ids that ever stored an event and begin with the prefix, in ordinal order.</summary>
    /// <param name="prefix">How they begin; empty for all.</param>
    /// <param name="ct">Ends the listing.</param>
    IAsyncEnumerable<string> PersistenceIdsAsync(string prefix, CancellationToken ct);
}
