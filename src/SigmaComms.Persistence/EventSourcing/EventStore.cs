namespace SigmaComms.Persistence.EventSourcing;

/// <summary>What event-sourced actors share: the journal, the snapshots, the permits to recover.</summary>
/// <remarks>Safe to call from any thread. The stores stay the caller's.</remarks>
public sealed class EventStore : IDisposable
{
    private readonly SemaphoreSlim _permits;
    private readonly int _permitsMax;

    /// <summary>Binds the stores.</summary>
    /// <param name="journal">Where events go.</param>
    /// <param name="snapshots">Where snapshots go.</param>
    /// <param name="options">The settings, or null for the usual ones.</param>
    public EventStore(IJournal journal, ISnapshotStore snapshots, EventStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(snapshots);
        options ??= new EventStoreOptions();
        options.Validate();
        Journal = journal;
        Snapshots = snapshots;
        Time = options.Time;
        StallTimeout = options.StallTimeout;
        _permitsMax = options.RecoveriesMax;
        _permits = new SemaphoreSlim(_permitsMax, _permitsMax);
    }

    /// <summary>How many actors recover now.</summary>
    public int Recovering => _permitsMax - _permits.CurrentCount;

    internal IJournal Journal { get; }

    internal ISnapshotStore Snapshots { get; }

    internal TimeProvider Time { get; }

    internal TimeSpan StallTimeout { get; }

    /// <summary>Frees the permits; call it when no actor uses them any more. May be called twice.</summary>
    public void Dispose() => _permits.Dispose();

    internal Task EnterRecoveryAsync(CancellationToken ct) => _permits.WaitAsync(ct);

    internal void LeaveRecovery() => _permits.Release();
}
