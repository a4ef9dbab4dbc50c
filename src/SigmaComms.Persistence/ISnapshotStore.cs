namespace SigmaComms.Persistence;

/// <summary>Keeps the two newest snapshots of each persistence id, each with a checksum.</summary>
/// <remarks>Safe to call from any thread. Fails like <see cref="IJournal"/>.</remarks>
public interface ISnapshotStore
{
    /// <summary>Stores a snapshot durably and drops all but the two with the highest sequences.</summary>
    /// <param name="persistenceId">Whose state.</param>
    /// <param name="snapshot">The state; one of the same sequence is replaced.</param>
    /// <param name="ct">Cancels the wait for the store's turn.</param>
    /// <exception cref="ArgumentException">The payload is over its limit.</exception>
    ValueTask SaveAsync(string persistenceId, Snapshot snapshot, CancellationToken ct);

    /// <summary>The newest snapshot with a good checksum, or null: then replay from the first event.</summary>
    /// <param name="persistenceId">Whose state.</param>
    /// <param name="ct">Cancels the read.</param>
    ValueTask<Snapshot?> LoadAsync(string persistenceId, CancellationToken ct);

    /// <summary>The other snapshot, with the lower sequence; null if there is none or its checksum is bad.</summary>
    /// <param name="persistenceId">Whose state.</param>
    /// <param name="ct">Cancels the read.</param>
    ValueTask<Snapshot?> LoadOlderAsync(string persistenceId, CancellationToken ct);

    /// <summary>Deletes all snapshots of the persistence id.</summary>
    /// <param name="persistenceId">Whose state.</param>
    /// <param name="ct">Cancels the wait for the store's turn.</param>
    ValueTask DeleteAllAsync(string persistenceId, CancellationToken ct);
}
